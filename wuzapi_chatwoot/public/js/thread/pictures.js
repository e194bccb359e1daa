// The small pictures of the thread, as the data of their paths: see `drawing`.

export const CLIP = [
	"M13 7.5 L8 12.5 a3.2 3.2 0 0 1 -4.5 -4.5 L9 2.5 a2.1 2.1 0 0 1 3 3 L6.7 10.8 a1 1 0 0 1 -1.5 -1.5 L10 4.5",
];
export const PLANE = ["M2 3 L14 8 L2 13 L4 8 Z", "M4 8 H9"];
export const CROSS = ["M4.5 4.5 L11.5 11.5", "M11.5 4.5 L4.5 11.5"];
export const CHECK = ["M2.5 8.5 L6 12 L13.5 4"];
export const PIN = ["M8 14.5 C4.5 10.5 3 8.5 3 6.5 a5 5 0 0 1 10 0 C13 8.5 11.5 10.5 8 14.5 Z", "M8 4.9 a1.7 1.7 0 1 0 0.01 0 Z"];
export const MICROPHONE = [
	"M8 1.5 a2.2 2.2 0 0 1 2.2 2.2 V7.5 a2.2 2.2 0 0 1 -4.4 0 V3.7 A2.2 2.2 0 0 1 8 1.5 Z",
	"M3.5 7.5 a4.5 4.5 0 0 0 9 0",
	"M8 12 V14.5",
];
export const ANSWER = ["M6.5 3.5 L2.5 7.5 L6.5 11.5", "M2.5 7.5 H9 a4.5 4.5 0 0 1 4.5 4.5 V13"];
export const SMILE = ["M8 2 a6 6 0 1 0 0.01 0 Z", "M5.5 9.5 a3 3 0 0 0 5 0", "M6 6 V6.6", "M10 6 V6.6"];
export const SHEET = ["M4 1.5 H9.5 L13 5 V14.5 H4 Z", "M9.5 1.5 V5 H13"];
export const PERSON = ["M8 2 a2.8 2.8 0 1 0 0.01 0 Z", "M2.5 14 a5.5 4.6 0 0 1 11 0"];
