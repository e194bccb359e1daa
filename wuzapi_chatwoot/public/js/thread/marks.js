// A text with WhatsApp's marks as elements: *bold*, _italic_, ~struck~, `code`, ```code over lines```, > quote.
// By the rules of the bridge (`markup/marks.py`), so that the desk and Chatwoot show the same.
import { address_end, link_to } from "./addresses";
import { element } from "./elements";

const TAGS = { "*": "strong", _: "em", "~": "s" };
const WORD = /[\p{L}\p{N}\p{M}]/u;
// Parts of an emoji that Unicode files under the marks that belong to a letter.
const PICTOGRAPHS = new Set(["\ufe0e", "\ufe0f", "\u20e3"]);
const QUOTE = /^> ?/;

/** The nodes that show the text. They want a parent that keeps line breaks. */
export function marked(text) {
	const nodes = [];
	let done = 0;
	let at = 0;
	for (;;) {
		const start = text.indexOf("```", at);
		const end = start < 0 ? -1 : text.indexOf("```", start + 3);
		if (end < 0) break;
		const code = text.slice(start + 3, end);
		if (code.includes("\n") && code.trim()) {
			nodes.push(...lines_of(text.slice(done, start).replace(/\n$/, "")));
			nodes.push(element("pre", {}, code.replace(/^\n|\n$/g, "")));
			done = end + 3;
			if (text[done] === "\n") done++;
		}
		at = end + 3;
	}
	nodes.push(...lines_of(text.slice(done)));
	return nodes;
}

function lines_of(text) {
	if (!text) return [];
	const nodes = [];
	let quoted = null;
	let breaks = "";
	for (const line of text.split("\n")) {
		const mark = QUOTE.exec(line);
		if (mark) {
			if (quoted) quoted.append("\n");
			else nodes.push((quoted = element("blockquote", {})));
			quoted.append(...inline(line.slice(mark[0].length)));
			breaks = "";
		} else {
			nodes.push(breaks, ...inline(line));
			quoted = null;
			breaks = "\n";
		}
	}
	return nodes.filter((node) => node !== "");
}

function inline(line) {
	const { atoms, pairs } = read(line);
	return nodes_between(line, 0, line.length, atoms, pairs);
}

function nodes_between(line, start, end, atoms, pairs) {
	const nodes = [];
	let plain = start;
	const until = (position) => position > plain && nodes.push(line.slice(plain, position));
	for (let at = start; at < end; ) {
		if (atoms.has(at)) {
			until(at);
			plain = atoms.get(at);
			nodes.push(atom(line.slice(at, plain)));
			at = plain;
		} else if (pairs.has(at)) {
			until(at);
			const close = pairs.get(at);
			nodes.push(element(TAGS[line[at]], {}, ...nodes_between(line, at + 1, close, atoms, pairs)));
			at = plain = close + 1;
		} else at++;
	}
	until(end);
	return nodes;
}

function atom(text) {
	if (text[0] !== "`") return link_to(text);
	return element("code", {}, text.replace(/^`+|`+$/g, ""));
}

/** `atoms`: start to end of what is taken as it is. `pairs`: place of each opening mark to that of its closing one. */
function read(line) {
	const atoms = new Map();
	const runs = [];
	const code_end = backticks(line);
	for (let at = 0; at < line.length; ) {
		if (line[at] in TAGS) {
			at = read_cluster(line, at, runs);
			continue;
		}
		const end = line[at] === "`" ? code_end(at) : address_end(line, at);
		if (end !== null) atoms.set(at, end);
		at = end ?? (line[at] === "`" ? run_end(line, at) : at + 1);
	}
	return { atoms, pairs: paired(line, runs) };
}

/** Mark letters that touch share what stands before and after them. */
function read_cluster(line, start, runs) {
	let end = start;
	while (line[end] in TAGS) end++;
	const opens = is_border(before(line, start)) && !is_blank(line[end]);
	const closes = is_border(after(line, end)) && !is_blank(line[start - 1]);
	for (let at = start; at < end; at = run_end(line, at)) {
		// The same letter twice is no mark.
		if (run_end(line, at) === at + 1) runs.push({ at, cluster: start, opens, closes });
	}
	return end;
}

function paired(line, runs) {
	const pairs = new Map();
	const open = [];
	for (const run of runs) {
		const same = open.findIndex(({ at }) => line[at] === line[run.at]);
		if (run.closes && same >= 0 && open[same].cluster !== run.cluster) {
			pairs.set(open[same].at, run.at);
			open.splice(same);
		} else if (run.opens) {
			if (same >= 0) open.splice(same, 1);
			open.push(run);
		}
	}
	return pairs;
}

/** A function that tells where the code ends that a whole run of backticks begins; null: it begins none. */
function backticks(line) {
	const next = new Map();
	const last = {};
	for (let at = line.indexOf("`"); at >= 0; at = line.indexOf("`", run_end(line, at))) {
		const length = run_end(line, at) - at;
		if (length in last) next.set(last[length], at);
		last[length] = at;
	}
	return (start) => {
		const inside = run_end(line, start);
		const length = inside - start;
		const close = next.get(start);
		if (close === undefined || ![1, 3].includes(length)) return null;
		const code = line.slice(inside, close);
		if (length === 3) return code.includes("```") || !code.trim() ? null : close + 3;
		if (code.includes("`") || is_blank(code[0]) || is_blank(code.at(-1))) return null;
		return is_border(before(line, start)) && is_border(after(line, close + 1)) ? close + 1 : null;
	};
}

function run_end(text, start) {
	let end = start + 1;
	while (end < text.length && text[end] === text[start]) end++;
	return end;
}

const before = (text, at) => [...text.slice(Math.max(0, at - 2), at)].at(-1) ?? "";
const after = (text, at) => [...text.slice(at, at + 2)][0] ?? "";
const is_blank = (letter) => !letter || /\s/.test(letter);
const is_border = (letter) => !letter || !WORD.test(letter) || PICTOGRAPHS.has(letter);
