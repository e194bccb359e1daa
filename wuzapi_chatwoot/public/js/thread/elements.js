// Builds elements without HTML text: whatever came from WhatsApp can only ever become text.

export function element(tag, attributes = {}, ...children) {
	const made = document.createElement(tag);
	for (const [name, value] of Object.entries(attributes)) {
		if (value === undefined || value === null || value === false) continue;
		if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
		else made.setAttribute(name, value === true ? "" : value);
	}
	made.append(...children.filter((child) => child || child === 0));
	return made;
}

/** A button with words. */
export function text_button(kind, words, onclick, attributes = {}) {
	return element("button", { type: "button", class: kind, onclick, ...attributes }, words);
}

/** A button with a picture; what it does stands in its label. */
export function icon_button(kind, picture, label, onclick) {
	return text_button(`btn ${kind}`, drawing(picture), onclick, { title: label, "aria-label": label });
}

/** A stroked picture of 16 by 16 from the data of its paths. */
export function drawing(paths, { width = 16, label = "", name = "" } = {}) {
	const namespace = "http://www.w3.org/2000/svg";
	const svg = document.createElementNS(namespace, "svg");
	svg.setAttribute("viewBox", `0 0 ${width} 16`);
	svg.setAttribute("width", width);
	svg.setAttribute("height", 16);
	svg.setAttribute("class", `wuzapi-drawing ${name}`.trim());
	if (label) {
		svg.setAttribute("role", "img");
		svg.setAttribute("aria-label", label);
	} else {
		svg.setAttribute("aria-hidden", "true");
	}
	for (const data of paths) {
		const path = document.createElementNS(namespace, "path");
		path.setAttribute("d", data);
		svg.append(path);
	}
	return svg;
}

/** Make `nodes` the children of `parent`, in this order, moving only what is out of place: a playing audio plays on. */
export function arrange(parent, nodes) {
	const wanted = new Set(nodes);
	for (const child of [...parent.children]) {
		if (!wanted.has(child)) child.remove();
	}
	nodes.forEach((node, place) => {
		if (parent.children[place] !== node) parent.insertBefore(node, parent.children[place] || null);
	});
}
