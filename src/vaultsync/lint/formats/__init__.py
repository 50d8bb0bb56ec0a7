"""The names of the forms in which findings are told, as `--output-format` has them."""

FOR_PEOPLE = ("full", "concise")
FOR_PROGRAMS = ("json", "sarif", "github")
NAMES = (*FOR_PEOPLE, *FOR_PROGRAMS)
# Who reads these knows the repository, not the folder that the command ran in.
FROM_TOP = ("sarif", "github")
