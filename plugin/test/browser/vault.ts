/** A small vault with two types of notes, for the tests of commands. */

const SETTINGS = `
[types.frame]
match = ["Frames/*.md"]
required = ["title", "handle", "topic", "source"]
handle = "handle"
alias = "title"
[types.frame.states]
draft = { status = "draft" }
[types.frame.properties]
title = { type = "string", minLength = 1, maxLength = 90 }
handle = { type = "string", minLength = 1, maxLength = 20 }
topic = { enum = ["circuits", "reasoning"] }
status = { enum = ["draft", "established"] }
source = { type = "string", format = "uri" }
cite = { type = "string" }
year = { type = "integer", minimum = 1900, maximum = 2100 }
evidence = { type = "array", items = { enum = ["probing", "observational", "theory"] } }
aliases = { type = "array", items = { type = "string" } }
checked = { type = "string", format = "date" }
publish = { type = "boolean" }
[types.frame.body]
lead = { required = true }
[types.frame.body.sections.Sources]
items = "source"
first = "original"
roles = ["original", "supporting", "contrary"]
fill = { source = "url", cite = "cite", year = "year" }
[types.frame.body.sections.Related]
items = "relation"
[types.frame.body.sections."Open questions"]
items = "question"

[types.question]
match = ["Questions/*.md"]
required = ["title", "status"]
alias = "title"
[types.question.states]
draft = { status = "draft" }
answered = { status = "answered" }
[types.question.properties]
title = { type = "string", minLength = 1, maxLength = 90 }
status = { enum = ["draft", "open", "answered"] }
aliases = { type = "array", items = { type = "string" } }
[types.question.body.sections.Related]
items = "relation"

[changelog]
note = "Changelog.md"

[publish]
post = "Post.md"
targets = ["markdown", "html"]
`;

export function frame(title: string, handle: string, rest: string): string {
  return `---
title: ${title}
handle: ${handle}
topic: circuits
status: established
source: https://example.org/${handle}
aliases: [${title}]
---

${title}, as experiments show.

## Sources

- original: [The paper](https://example.org/${handle}), Smith 2020

${rest}`;
}

export const GROKKING = frame(
  "Grokking is sudden",
  "grokking",
  "## Related\n\n## Open questions\n\n- Why so late?\n",
);

/** The files of the vault. Other settings come first, as keys of the top level. */
export function vault(settings = ""): Record<string, string> {
  return {
    "vaultsync.toml": `${settings}${SETTINGS}`,
    "Frames/grokking.md": GROKKING,
    "Frames/phase-changes.md": frame("Phase changes are common", "phases", "## Related\n"),
    "Questions/why-late.md":
      "---\ntitle: Why is it late?\nstatus: open\naliases: [Why is it late?]\n---\n\nNobody knows.\n",
    "Index.md": '# Index\n\n<!-- vaultsync:notes type="frame" -->\n\n<!-- /vaultsync -->\n',
    "Changelog.md": "# Changelog\n\n<!-- vaultsync:changelog -->\n\n<!-- /vaultsync -->\n",
    "Post.md": "---\ntitle: Post\n---\n\nThe post.\n\n![[grokking]]\n",
  };
}
