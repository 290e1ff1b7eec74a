"""Releases: immutable, content-addressed sets of diagrams, decisions, forms and templates.

check(files) -> list[Finding]                       as the editor, publishing and `./run check` do
publish(session, files, by, note, source) -> Release
publish_first(session, root) -> Release | None      the folders, into an empty database only
publish_folders(session, root, by, note) -> Release rules of `./run publish`
current(session) -> Release | None                  the newest
load(session, release_id) -> Loaded                 specification, forms and files; kept in this process
specification(session, release_id) -> Specification
offer(session, root) -> Offer | None                the folders differ from what was last published from them
read_folders(root) -> dict[path, bytes];  export(session, release_id) -> the same
"""
