// What pages with questions and cards gain where scripts run. Without it they can be read, and their answers opened.
import { ahead, begin } from "./ask.js";
import { offer } from "./keep.js";

document.querySelectorAll(".question:not(.ahead)").forEach((q) => begin(q));
document.querySelectorAll(".question.ahead").forEach(ahead);
offer();
