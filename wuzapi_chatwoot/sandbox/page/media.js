// Shows files: pictures, sound with its waveform, films, documents. Knows nothing of chats.

import { h, icon, size } from "./elements.js";

const SVG = "http://www.w3.org/2000/svg";
const BARS = 36;
const WIDEST = 230;

export function fileView(url, kind, file, more = {}) {
	if (kind === "sticker") return h("img.sticker", { src: url, alt: "Sticker", width: 96, height: 96 });
	if (kind === "image") return picture(url, file);
	if (kind === "voice" || kind === "audio") return sound(url, kind, file, more);
	if (["video", "gif", "video_note"].includes(kind)) return film(url, kind, file, more);
	const ending = file.name.includes(".") ? file.name.split(".").pop().slice(0, 4) : "file";
	return h(
		"a.file",
		{ href: url, download: file.name },
		h("i.ending", { data: { ending: ending.toLowerCase() } }, ending),
		h("span", {}, h("b", {}, file.name), h("small", {}, `${file.mimetype.split(";")[0]} · ${size(file.size)}`)),
	);
}

function picture(url, file) {
	const image = h("img.image", { src: url, alt: file.name, loading: "lazy", width: WIDEST, height: (WIDEST * 3) / 4 });
	// The size of other pictures is known when they are here.
	image.addEventListener("load", () => {
		image.width = Math.min(WIDEST, image.naturalWidth);
		image.height = (image.naturalHeight * image.width) / image.naturalWidth;
	});
	return h("a.picture", { href: url, target: "_blank", rel: "noopener", title: file.name }, image);
}

function length(seconds) {
	if (!Number.isFinite(seconds)) return "–:––";
	const whole = Math.round(seconds);
	return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

function heights(waveform) {
	if (!waveform) return null;
	try {
		const bytes = [...atob(waveform)].map((each) => Math.min(100, each.charCodeAt(0)));
		return bytes.length ? Array.from({ length: BARS }, (_, bar) => bytes[Math.floor((bar * bytes.length) / BARS)]) : null;
	} catch {
		return null;
	}
}

function bars(values) {
	const svg = document.createElementNS(SVG, "svg");
	svg.classList.add("waveform");
	svg.setAttribute("viewBox", `0 0 ${BARS * 4} 28`);
	svg.setAttribute("preserveAspectRatio", "none");
	svg.setAttribute("aria-hidden", "true");
	for (let bar = 0; bar < BARS; bar++) {
		const rect = document.createElementNS(SVG, "rect");
		const height = values ? 3 + (values[bar] / 100) * 25 : 3;
		for (const [name, value] of Object.entries({ x: bar * 4 + 0.7, y: (28 - height) / 2, width: 2.6, height, rx: 1.3 })) rect.setAttribute(name, value);
		svg.append(rect);
	}
	return svg;
}

function sound(url, kind, file, { waveform, seconds }) {
	const player = h("audio", { src: url, preload: "metadata" });
	const drawn = bars(heights(waveform));
	const known = seconds || NaN;
	const shown = h("small.length", {}, length(known));
	const whole = () => (Number.isFinite(player.duration) && player.duration > 0 ? player.duration : known);
	const button = h("button.play", { type: "button", "aria-label": kind === "voice" ? "Play voice message" : `Play ${file.name}` }, icon("play"));
	const tell = () => {
		const part = player.currentTime / whole() || 0;
		[...drawn.children].forEach((rect, bar) => rect.classList.toggle("played", bar / BARS < part));
		shown.textContent = length(player.paused && !player.currentTime ? whole() : player.currentTime);
		button.replaceChildren(icon(player.paused ? "play" : "pause"));
	};
	for (const event of ["loadedmetadata", "timeupdate", "play", "pause", "ended"]) player.addEventListener(event, tell);
	player.addEventListener("ended", () => (player.currentTime = 0));
	player.addEventListener("error", () => (button.disabled = true));
	button.addEventListener("click", () => (player.paused ? player.play().catch(() => (button.disabled = true)) : player.pause()));
	drawn.addEventListener("click", (event) => {
		if (Number.isFinite(whole())) player.currentTime = (event.offsetX / drawn.clientWidth) * whole();
	});
	return h(
		`div.sound.${kind}`,
		{},
		button,
		h("span.track", {}, drawn, h("span.under", {}, shown, kind === "voice" ? icon("voice") : h("small", { title: file.name }, file.name))),
		player,
	);
}

const FILM_WORDS = { video: "Video", gif: "GIF", video_note: "Video note" };

function film(url, kind, file, { seconds }) {
	const words = kind === "gif" ? "GIF" : [FILM_WORDS[kind], seconds ? length(seconds) : ""].filter(Boolean).join(" · ");
	const place = h(`div.film.${kind}`);
	const moving = h("video", { src: url, preload: "metadata", playsinline: true, tabindex: -1 });
	moving.muted = true;
	const unplayable = () => place.replaceChildren(
		h("a.poster", { href: url, download: file.name, "aria-label": `Save ${file.name}` }, icon("film"), h("small", {}, `${file.name} · ${size(file.size)}`)),
		h("i.label", {}, words),
	);
	moving.addEventListener("error", unplayable);
	const play = h("button.poster", { type: "button", "aria-label": `Play ${file.name}` }, icon("play"));
	play.addEventListener("click", () => {
		play.remove();
		moving.controls = true;
		moving.muted = kind === "gif";
		moving.loop = kind === "gif";
		moving.play().catch(unplayable);
	});
	place.append(moving, play, h("i.label", {}, words));
	return place;
}
