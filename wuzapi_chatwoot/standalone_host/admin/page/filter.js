// Finding one session among many: what is typed must stand in its card. Shown from a few sessions on.

const FEW = 8;
const box = document.getElementById("filter");
const list = document.getElementById("sessions");
const none = document.getElementById("none-found");

export function filter() {
	const cards = [...list.querySelectorAll("li[data-session]")];
	box.parentElement.hidden = cards.length <= FEW;
	const wanted = box.parentElement.hidden ? "" : box.value.trim().toLowerCase();
	let found = 0;
	for (const card of cards) {
		const text = [...card.querySelectorAll("h2, .state, .where")].map((each) => each.textContent.toLowerCase()).join(" ");
		// A number is found as it is written, and without its blanks.
		const told = `${text} ${text.replaceAll(" ", "")}`;
		card.hidden = !told.includes(wanted);
		found += card.hidden ? 0 : 1;
	}
	none.hidden = found > 0 || !cards.length;
}

box.addEventListener("input", filter);
