"""What schema and statements must keep to so that they run on Citus unchanged; each rule is a function that finds
faults.

Seen on Citus 13.2: it sends a statement to the one node that has the tenant's rows when each table has the tenant's
parameter in a condition, and refuses what the nodes could evaluate differently.
"""
