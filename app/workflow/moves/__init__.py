"""Moving running instances from one release to another: preview, one transaction an instance, and back.

`standing` counts who stands where; `previewing` plans without changing anything; `applying` moves one instance;
`undoing` takes a move back; `batches` gives orders for many and runs them as jobs; `rows` is what a move changes.
"""
