"""FHIR R4 resources as cases, with a report that says what became of each resource.

Nothing is dropped in silence. What a field of the case cannot hold goes word by word into the note of its entry, and
what has no entry into a section of the case. What changes the meaning of an entry and is not understood refuses it.
"""
