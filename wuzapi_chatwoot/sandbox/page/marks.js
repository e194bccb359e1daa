// Turns written marks into elements: Chatwoot's Markdown on the desk, WhatsApp's own marks on the phone.
// Everything becomes text nodes and known elements; no remote text is ever read as markup.

import { h } from "./elements.js";

const SAFE_LINK = /^(https?:\/\/|mailto:|tel:)/i;
const ADDRESS = /https?:\/\/[^\s<>"]*[^\s<>".,;:!?)\]'*_~]/y;
// Longer texts are cut until somebody asks for the rest.
const MOST_SHOWN = 2500;

const within = (tag) => (match, rules) => h(tag, {}, ...inline(match[1], rules));
const code = (match) => h("code", {}, match[1]);
const address = (match) => link(match[0], [match[0]]);

// [what it begins with, where it matches, what it becomes]; the first that fits is taken.
const MARKDOWN = [
	["\\", /\\([\\`*_{}[\]()#+\-.!~>|])/y, (match) => match[1]],
	["`", /`([^`\n]+)`/y, code],
	["[", /\[([^\]\n]+)\]\(([^)\s]+)\)/y, (match, rules) => link(match[2], inline(match[1], rules))],
	["*", /\*\*(?=\S)([^\n]*?\S)\*\*/y, within("strong")],
	["_", /(?<!\w)__(?=\S)([^\n]*?\S)__(?!\w)/y, within("strong")],
	["~", /~~(?=\S)([^\n]*?\S)~~/y, within("s")],
	["*", /\*(?=[^\s*])([^*\n]*?[^\s*])\*(?!\*)/y, within("em")],
	["_", /(?<!\w)_(?=[^\s_])([^\n]*?[^\s_])_(?!\w)/y, within("em")],
	["h", ADDRESS, address],
];
const PHONE = [
	["`", /```([^`]+)```/y, code],
	["`", /`([^`\n]+)`/y, code],
	["*", /(?<![\w*])\*(?=[^\s*])([^*\n]*?[^\s*])\*(?![\w*])/y, within("strong")],
	["_", /(?<![\w_])_(?=[^\s_])([^_\n]*?[^\s_])_(?![\w_])/y, within("em")],
	["~", /(?<![\w~])~(?=[^\s~])([^~\n]*?[^\s~])~(?![\w~])/y, within("s")],
	["h", ADDRESS, address],
];

function link(target, words) {
	if (!SAFE_LINK.test(target)) return h("span", {}, ...words);
	return h("a", { href: target, target: "_blank", rel: "noopener noreferrer" }, ...words);
}

function inline(text, rules) {
	const out = [];
	let plain = "";
	for (let at = 0; at < text.length; ) {
		const found = matching(text, at, rules);
		if (!found) {
			plain += text[at++];
			continue;
		}
		const [match, made] = found;
		if (plain) out.push(plain);
		plain = "";
		out.push(made);
		at += match[0].length;
	}
	if (plain) out.push(plain);
	return out;
}

function matching(text, at, rules) {
	for (const [start, pattern, make] of rules) {
		if (text[at] !== start) continue;
		pattern.lastIndex = at;
		const match = pattern.exec(text);
		if (match) return [match, make(match, rules)];
	}
	return null;
}

const QUOTE = /^> ?/;
const ITEM = /^\s*(?:[-*+•]|(\d+)[.)])\s+/;

function blocks(text, rules) {
	const lines = text.replace(/\r\n?/g, "\n").split("\n");
	const out = [];
	let paragraph = [];
	const close = () => {
		if (paragraph.length) out.push(h("p", {}, ...broken(paragraph, rules)));
		paragraph = [];
	};
	for (let at = 0; at < lines.length; at++) {
		const upTo = (test) => {
			const from = at;
			while (at + 1 < lines.length && test(lines[at + 1])) at++;
			return lines.slice(from, at + 1);
		};
		if (/^```\w*$/.test(lines[at]) && lines.indexOf("```", at + 1) > 0) {
			const end = lines.indexOf("```", at + 1);
			close();
			out.push(h("pre", {}, lines.slice(at + 1, end).join("\n")));
			at = end;
		} else if (QUOTE.test(lines[at])) {
			close();
			const inside = upTo((line) => QUOTE.test(line)).map((line) => line.replace(QUOTE, ""));
			out.push(h("blockquote", {}, ...blocks(inside.join("\n"), rules)));
		} else if (ITEM.test(lines[at])) {
			close();
			const numbered = lines[at].match(ITEM)[1];
			const items = upTo((line) => ITEM.test(line) && Boolean(line.match(ITEM)[1]) === Boolean(numbered));
			out.push(h(numbered ? "ol" : "ul", { start: numbered }, ...items.map((line) => h("li", {}, ...inline(line.replace(ITEM, ""), rules)))));
		} else if (lines[at].trim()) paragraph.push(lines[at]);
		else close();
	}
	close();
	return out;
}

const broken = (lines, rules) => lines.flatMap((line, number) => (number ? [h("br"), ...inline(line, rules)] : inline(line, rules)));

function text(words, rules) {
	const shown = words.length > MOST_SHOWN ? words.slice(0, MOST_SHOWN) : words;
	const place = h("div.text", {}, ...blocks(shown, rules));
	if (shown === words) return place;
	const all = () => place.replaceChildren(...blocks(words, rules));
	place.append(h("button.more", { type: "button", onclick: all }, `… show all ${words.length.toLocaleString()} characters`));
	return place;
}

export const markdown = (words) => text(words, MARKDOWN);

// The same words in one line, for lists and quotes.
function inOneLine(place) {
	for (const each of place.querySelectorAll("li, br")) each.after(" ");
	return [...place.children].map((each) => each.textContent).join(" ");
}
const SHORT = 160;
export const plainMarkdown = (words) => inOneLine(markdown(words.slice(0, SHORT)));
export const plainPhone = (words) => inOneLine(phoneMarks(words.slice(0, SHORT)));

// `names` says who is meant by the digits after an @.
export function phoneMarks(words, names = () => null) {
	const mention = (match) => h("span.mention", {}, `@${names(match[1]) || match[1]}`);
	return text(words, [...PHONE, ["@", /@(\d{5,20})/y, mention]]);
}
