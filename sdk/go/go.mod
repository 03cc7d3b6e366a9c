module clincore-lifecycle

go 1.18

require clincore v0.0.0

replace clincore => ../../build/sdk/go
