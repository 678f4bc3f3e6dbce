package config

// Key is what the reference says of a key of waymark.yaml. Doc and Without are Markdown: what it says, and what holds without it.
type Key struct{ Name, Doc, Without string }

// Keys returns the keys of waymark.yaml, in the order of the reference.
func Keys() []Key {
	return []Key{
		{"title", "The site's name", "A learning site"},
		{"description", "One sentence about it", "nothing"},
		{"id", "A lasting name, under which readers' browsers keep what they did on the site", "made from the title, and from the path of `base_url`"},
		{"base_url", "Its address on the web, such as `https://example.org/notes/`", "no sitemap, no canonical links, and relative addresses in feeds"},
		{"language", "The [language](languages.md) of its pages: `en`, `cy`, `pt-BR`", "`en`"},
		{"direction", "`ltr` or `rtl`", "follows the language"},
		{"time_zone", "The time zone in which its days begin: `Europe/London`", "UTC"},
		{"date_order", "How numeric dates are meant: `dmy`, `mdy`, `ymd`", "a date with two readings is an error"},
		{"theme", "The theme's name", "`trail`"},
		{"accent", "The one [colour](themes.md#your-own-colours) of links and marks: `\"#22634a\"`, or `light` and `dark`", "the theme's"},
		{"font", "The font of all texts: a file in `static`, such as `fonts/own.woff2`, or `system`", "the theme's"},
		{"logo", "The picture beside the site's name: a file in `static`", "the theme's sign"},
		{"cards", "The [pictures](publishing.md#cards) that other places show of a page: `false` for none, or `font`, a file in `static` (`.ttf`, `.otf`) for letters that ours do not have", "a card for each page, where there is a `base_url`"},
		{"authors", "Who writes: an id each, with `name`, `about`, `url`", "names as they stand in pages"},
		{"journey", "The phases, with `name`, `aim`, `questions`, `shape`, `part_of`", "discovery, alpha, beta, live, retirement"},
		{"menu", "The navigation: paths, or `title` and `url`", "journey, series, courses, writing, notes, maps, roadmap, glossary, and the folders and pages at the top, where there are any, up to nine"},
		{"repository", "Where the source is kept; pages then link to their own", "no such links"},
		{"branch", "The branch that those links name", "`main`"},
		{"edit_url", "The address of the repository's editor, where it cannot be guessed", "made from `repository`"},
		{"page_size", "How many entries a page of a list has", "10"},
		{"raw_html", "Let harmless HTML in texts through; `false` leaves its words", "`true`"},
		{"images", "`hosts`: other hosts whose pictures readers' browsers may load", "pictures elsewhere are links"},
		{"feeds", "What [feeds](publishing.md#feeds) hold of each text: `site` is `whole` or `summary`, `lists` (of tags, series, courses, authors) `whole`, `summary` or `none`", "`site: whole`, `lists: summary`"},
		{"tags", "How a text that stands for a list of tags is read: `commas` or `spaces`", "as most of the site's are meant"},
		{"roadmap", "How [the roadmap](maps.md) is cut: by `phases`, or by `horizons` (now, next, later)", "`phases`"},
		{"changes", "`true` tells [what changed in maps](maps.md#changes), as Git has it: a page for each map, and on the roadmap what the last month brought", "nothing of it is told"},
		{"license", "A line for the foot of each page", "nothing"},
		{"check", "What [`waymark check`](check.md) leaves alone: `skip`, kinds of findings; `allow`, addresses of other sites that are not asked, with `*` for anything", "nothing"},
		{"publish", "Where [the site goes](publishing.md#publish): a name for each place, and its address, or `to`, `base_url` and `compress`", "`waymark publish` is given an address"},
		{"editor", "What opens a file from the [preview](preview.md): `vscode`, `zed`, `idea` ..., or an address with `{file}`, `{line}`, `{column}`", "file names are not links"},
	}
}
