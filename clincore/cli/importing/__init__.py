"""`clincore import`: files with FHIR R4 as cases of a running service.

First every file is read into an index on disk. Then the resources of one patient at a time are converted and sent, so
memory does not grow with the input.
"""
