"""The journal of a vault: what happened to its notes, as lines that are recorded in a note.

`note_state` reads a version of a note, `compare` two versions of a vault, `wording` two texts;
`timeline` follows the notes through their commits; `render` writes changes as lines or JSON;
`journal` brings the note that contains the journal up to date.
"""
