"""Texts that try to run a script, and a vault that holds each of them wherever a text can stand.

`RUN` stands for a call that tells of it, with a number. The kinds of tricks are those of published
collections; the texts are our own.
"""

from __future__ import annotations

import json

from tests.blocks.sample import block, note

HTML = (
    "<script>RUN</script>",
    "<ScRiPt\n>RUN</sCrIpT >",
    "<script/x>RUN</script/y>",
    "<script src='data:text/javascript,RUN'></script>",
    "<img src=x: onerror=RUN>",
    '<img src="x:" onerror="RUN">',
    "<img/src='x:'/onerror='RUN'>",
    "<img src=x: one\nonerror=RUN>",
    "<img title='>' src=x: onerror=RUN>",
    "<svg onload=RUN></svg>",
    "<svg><script>RUN</script></svg>",
    '<svg aria-label="<img src=x: onerror=RUN>"\n></svg>',
    "<svg><animate onbegin=RUN attributeName=x dur=1s></svg>",
    "<svg><a xlink:href='javascript:RUN'><text y=20>x</text></a></svg>",
    "<svg><style><img src=x: onerror=RUN></style></svg>",
    "<math><mtext><table><mglyph><style><img src=x: onerror=RUN></style></table></math>",
    "<math href='javascript:RUN'>x</math>",
    "<iframe src='javascript:parent.RUN'></iframe>",
    "<iframe srcdoc='<script>parent.RUN</script>'></iframe>",
    "<object data='data:text/html,<script>parent.RUN</script>'></object>",
    "<embed src='javascript:RUN'>",
    "<video src=x: onerror=RUN></video>",
    "<video><source onerror=RUN></video>",
    "<audio src=x: onerror=RUN></audio>",
    "<details open ontoggle=RUN><summary>x</summary>y</details>",
    "<input autofocus onfocus=RUN>",
    "<button onclick=RUN>x</button>",
    "<select onfocus=RUN autofocus></select>",
    "<form action='javascript:RUN'><button>x</button></form>",
    "<a href='javascript:RUN'>x</a>",
    "<a href='JaVa&#115;cript&colon;RUN'>x</a>",
    "<a href=' &#1;javascript:RUN'>x</a>",
    "<a href='java\nscript:RUN'>x</a>",
    "<a href='javascript&#58;RUN' target=_self>x</a>",
    "<a onmouseover=RUN>x</a>",
    "<b onmouseover=RUN style='position:fixed;inset:0'>x</b>",
    "<p tabindex=1 onfocus=RUN>x</p>",
    "<marquee onstart=RUN>x</marquee>",
    "<body onload=RUN>",
    "<style onload=RUN></style>",
    "<link rel=stylesheet href='data:text/css,x' onload=RUN>",
    "<meta http-equiv=refresh content='0;url=javascript:RUN'>",
    "<base href='javascript:RUN//'><a href='x'>x</a>",
    "<noscript><p title='</noscript><img src=x: onerror=RUN>'></noscript>",
    "<textarea><p title='</textarea><img src=x: onerror=RUN>'></textarea>",
    "<title><p title='</title><img src=x: onerror=RUN>'></title>",
    "<template><script>RUN</script></template>",
    "<xmp><p title='</xmp><img src=x: onerror=RUN>'></xmp>",
    "</main></body><script>RUN</script>",
    "<<img src=x: onerror=RUN>",
    "<a id='x'></a><img src=x: onerror=RUN>",
    '<a id="x"onmouseover="RUN">x</a>',
    "&lt;img src=x: onerror=RUN&gt;",
    "<!-- > <img src=x: onerror=RUN> -->",
    "<!--> <img src=x: onerror=RUN>",
    "<![CDATA[<img src=x: onerror=RUN>]]>",
    "<?x <img src=x: onerror=RUN> ?>",
    "<im<script></script>g src=x: onerror=RUN>",
    "<im<u></u>g src=x: onerror=RUN>",
    "<im[](javascript:x)g src=x: onerror=RUN>",
    "<im[](#start)g src=x: onerror=RUN>",
    "<im%%x%%g src=x: onerror=RUN>",
    "\ufdd50\ufdd6<img src=x: onerror=RUN>\ufdd3\ufdd4",
)
MARKDOWN = (
    "[x](javascript:RUN)",
    "[x](<javascript:RUN>)",
    "[x](JAVASCRIPT:RUN)",
    "[x](javascript&colon;RUN)",
    "[x](java&Tab;script:RUN)",
    "[x](&#x6A;avascript:RUN)",
    "[x](\\javascript:RUN)",
    "[x](javascript:RUN 'title')",
    "[x](data:text/html;base64,PHNjcmlwdD5SVU48L3NjcmlwdD4=)",
    "[x](vbscript:RUN)",
    "![x](javascript:RUN)",
    '![x" onerror="RUN](x:)',
    '![x](x: "y" onerror="RUN)',
    '![x](<x:" onerror="RUN>)',
    '[x](https://e.org/"onmouseover="RUN)',
    '[x](<https://e.org/" onmouseover="RUN>)',
    "[x](https://e.org/ 'y\" onmouseover=\"RUN')",
    "[[x](javascript:x)](javascript:RUN)",
    "[[[x](#x)](javascript:x)](javascript:RUN)",
    "[x](<u>javascript:RUN</u>)",
    "[x](java<u></u>script:RUN)",
    "<javascript:RUN>",
    "[x][j]\n\n[j]: javascript:RUN",
    "[k]\n\n[k]: <javascript:RUN>",
    "`<img src=x: onerror=RUN>`",
    "```<img src=x: onerror=RUN>\nx\n```",
    "    <script>RUN</script>",
    "$\\text{<img src=x: onerror=RUN>}$",
    "$\\href{javascript:RUN}{x}$",
    "==<img src=x: onerror=RUN>==",
    "> [!note]- <img src=x: onerror=RUN>\n> x",
    '> [!x"onmouseover=RUN] y',
    "[[v1|<img src=x: onerror=RUN>]]",
    "[[v1|x](javascript:RUN)]]",
    "[<img src=x: onerror=RUN>](v1.md)",
    "^[<img src=x: onerror=RUN>]",
    '| a |\n|:-:"onmouseover="RUN|\n| <img src=x: onerror=RUN> |',
)


def numbered() -> list[str]:
    """Return all texts, each with a call of its own."""
    return [text.replace("RUN", f"ran({n})") for n, text in enumerate((*HTML, *MARKDOWN))]


def in_line(text: str) -> str:
    """Return a text on one line."""
    return " ".join(text.split())


def quoted(text: str) -> str:
    """Return a text as a value of YAML."""
    return json.dumps(text)


def files(step: int = 1) -> dict[str, str | bytes]:
    """Return a vault that holds each so many of the texts in notes, properties, names and links."""
    made: dict[str, str | bytes] = {"v1.md": "x"}
    post = ["Start, so that what comes is within the text."]
    for number, text in enumerate(numbered()[::step]):
        line = in_line(text)
        made[f"Claims/n{number}.md"] = note(
            f"{line}\n\nCaveat: {line}\n\n{text}\n\n## Sources\n\n"
            f"- original: [{line}](https://e.org/{number}), {line} 2024; {line}\n"
            f"- contrary: [x](javascript:ran({number})), Y 2023\n\n"
            f"## Related\n\n- [[n{number // 2}|{line}]]: tension: {line} (crux: {line})\n\n"
            f"## Open questions\n\n- {line}?\n\n- [ ] {line}\n",
            title=quoted(line),
            status="contested",
            area=quoted(line),
            tags=f"[{quoted(line)}]",
            aliases=f"[{quoted(line)}]",
        )
        made[f"Claims/{line.replace('/', '∕')}.md"] = note(line, status="x", area=quoted("y"))
        made[f"Claims/r{number}.md"] = note(line, title=quoted(line), status="retired")
        made[f"Drafts/{number}.md"] = note(title=quoted(line), status="draft")
        post += [
            text,
            f"Words {line} words [{line}](https://e.org) [x](https://e.org/{line}) [x]({line}).",
            f"## {line}",
            f"- {line}\n  - [ ] {line}",
            f"> {line}",
            f"> [!note] {line}\n> {line}",
            f"| a | {line} |\n|---|---|\n| {line} | b |",
            f"![[Claims/n{number}]]",
            f"[[{line}]] [[Claims/n{number}|{line}]] ![{line}](a.png) [^{number}]",
            f"[^{number}]: {line}",
            f"**{line}** *{line}* ~~{line}~~ =={line}== ${line}$",
        ]
    opener = 'notes type="claim" group="area" style="{}"'
    blocks = [block(opener.format(style)) for style in ("list", "index", "sections", "table")]
    rest = [
        "todos",
        'todos text="TODO: {title}"',
        "tags",
        "sources",
        'stats by="area, tags"',
        "toc",
    ]
    made["Post.md"] = "---\ntitle: {}\n---\n\n{}\n\n{}\n".format(
        quoted(in_line(numbered()[4])),
        "\n\n".join(post),
        "\n".join([*blocks, *map(block, rest), block('items section="Open questions"')]),
    )
    return made
