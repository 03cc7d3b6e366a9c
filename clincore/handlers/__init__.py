"""One module for each tag of the contract, one function for each operation, found by its `operationId`."""
