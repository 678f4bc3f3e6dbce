// What pages gain where JavaScript runs. Everything can be read and reached without it.
import { themeSwitch } from "./theme.js";
import { followContents } from "./contents.js";
import { copyCode, copyLink } from "./copy.js";
import { tips } from "./tips.js";
import { menu } from "./menu.js";
import { due } from "./due.js";
import { find } from "./find.js";
import { progress } from "./progress.js";

themeSwitch();
find();
due();
progress();
followContents();
copyCode();
copyLink();
tips();
menu();
