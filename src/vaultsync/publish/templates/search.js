"use strict";
// What a search finds: which notes have each word, and where in them. find.js uses it.

// Spellings of one word become one: memorise and memorize, behaviour and behavior, modelling and
// modeling, model and models.
const SPELLINGS = [
  [/z/g, "s"],
  [/(?<=\p{L}{3})ou/gu, "o"],
  [/(?<=\p{L}{3})ll/gu, "l"],
  [/(?<=\p{L}{3})s$/u, ""],
];
const WORD = /\d+(?:\.\d+)+|[\p{L}\p{N}]+/gu;
// A work on arXiv, at any of its addresses and in any version.
const ARXIV = /\S*?(\d{4}\.\d{4,5})(?!\d)\S*/g;
const RANK = { alias: 2, claim: 3, behind: 4, value: 99 };
// How each note is to be cited, and the names of those that it is related to.
const NOT_ITS_OWN = '.cite, .cite ~ *, dd li > a[href^="#"]:first-child';

// Letters without their accents, in one case; as long as the text where it has none.
function fold(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

// A page has few words, each many times.
const SPELLED = new Map();
function spelled(word) {
  if (!SPELLED.has(word)) {
    SPELLED.set(word, SPELLINGS.reduce((text, [from, to]) => text.replace(from, to), word));
  }
  return SPELLED.get(word);
}

function wordsOf(text) {
  return (fold(text).match(WORD) ?? []).map(spelled);
}

// Whether a word begins with what is asked for, but for one letter: missing, wrong or too much, or
// swapped with the next.
function isTypo(asked, word) {
  let at = 0;
  while (at < asked.length && asked[at] === word[at]) at += 1;
  const swapped = word[at] === asked[at + 1] && word[at + 1] === asked[at];
  return (
    word.startsWith(asked.slice(at), at + 1) ||
    word.startsWith(asked.slice(at + 1), at + 1) ||
    word.startsWith(asked.slice(at + 1), at) ||
    (swapped && word.startsWith(asked.slice(at + 2), at + 2))
  );
}

// How well a word is met, 0 for the best; undefined where it is not.
function closeness(asked, word) {
  if (word === asked) return 0;
  if (word.startsWith(asked)) return 1;
  return asked.length > 2 && word.includes(asked) ? 2 : undefined;
}

// A part of the details has a name, another list has the text before it.
function nameOf(part) {
  const name = part.matches("dd, ul, ol") ? part.previousElementSibling?.textContent : "";
  return name?.replace(/:$/, "").toLowerCase() || "text";
}

// What a part says itself, and the addresses that it links to. Those of a claim are in its details.
function textOf(part, folded) {
  if (folded) return part.textContent.replace(folded.textContent, "");
  let text = part.textContent;
  for (const other of part.querySelectorAll(NOT_ITS_OWN)) text = text.replace(other.textContent, "");
  const links = [...part.querySelectorAll('a[href^="http"]')];
  return [text, ...links.map((link) => link.href)].join("\n");
}

// The texts that a note is found by, in the order of their rank, each with what it is.
function textsOf({ also, values, parts }) {
  const folded = parts[0].querySelector(":scope > details");
  const behind = [...(folded?.querySelectorAll("dd") ?? []), ...parts.slice(1)];
  return [
    ...also.map((text, at) => ({ rank: Math.min(at, RANK.alias), text, what: at ? text : "" })),
    { rank: RANK.claim, text: textOf(parts[0], folded), what: "claim" },
    ...behind.map((part, at) => {
      const isFolded = Boolean(folded?.contains(part));
      return { rank: RANK.behind + at, text: textOf(part), what: nameOf(part), isFolded };
    }),
    ...Object.entries(values).map(([what, texts]) => {
      return { rank: RANK.value, text: texts.join("\n"), what };
    }),
  ];
}

class Search {
  constructor(notes, abbreviations) {
    this.notes = notes;
    this.abbreviations = Object.entries(abbreviations).map((pair) => pair.map(wordsOf));
    // Each word, with the notes that have it and the first text of each that does.
    this.index = new Map();
    for (const note of notes) for (const text of textsOf(note)) this.add(note, text);
  }

  add(note, text) {
    const words = wordsOf(text.text);
    for (const word of [...words, ...this.otherwise(words)]) {
      if (!this.index.has(word)) this.index.set(word, new Map());
      const texts = this.index.get(word);
      if (!texts.has(note)) texts.set(note, text);
    }
  }

  // The long form of what a text abbreviates, and the short form of what it spells out.
  otherwise(words) {
    const text = ` ${words.join(" ")} `;
    return this.abbreviations.flatMap(([short, long]) => {
      if (text.includes(` ${short.join(" ")} `)) return long;
      return text.includes(` ${long.join(" ")} `) ? short : [];
    });
  }

  // The words that are asked for by one, each with how well it is met: an abbreviation as it is, and
  // another with a typo only if it is otherwise nowhere.
  matching(asked) {
    const words = [...this.index.keys()];
    const isShort = this.abbreviations.some(([[short]]) => short === asked);
    const found = words
      .map((word) => [word, closeness(asked, word)])
      .filter(([, how]) => how <= (isShort ? 0 : 2));
    if (found.length || !/^\p{L}{4,}$/u.test(asked)) return found;
    return words.filter((word) => isTypo(asked, word)).map((word) => [word, 3]);
  }

  // The notes that have a word, each with the best of its texts: by its rank, then by how well.
  having(matching) {
    const found = new Map();
    for (const [word, how] of matching) {
      for (const [note, text] of this.index.get(word)) {
        const score = text.rank * 4 + how;
        if (!(found.get(note)?.score <= score)) found.set(note, { score, text });
      }
    }
    return found;
  }

  // The notes that have all words, the best first, each with the texts that have them, the deepest
  // first; and the words of the page that were met.
  find(query) {
    const asked = wordsOf(query.replace(ARXIV, " $1 ")).map((word) => this.matching(word));
    const found = asked.map((matching) => this.having(matching));
    const matches = this.notes.flatMap((note) => {
      const hits = found.flatMap((notes) => notes.get(note) ?? []);
      if (hits.length < asked.length) return [];
      const score = hits.reduce((sum, hit) => sum + hit.score, 0);
      const texts = hits.map((hit) => hit.text).sort((one, other) => other.rank - one.rank);
      return [{ note, score, texts }];
    });
    const length = ({ note }) => note.also[0].length;
    matches.sort((one, other) => one.score - other.score || length(one) - length(other));
    return { matches, words: new Set(asked.flat().map(([word]) => word)) };
  }
}
