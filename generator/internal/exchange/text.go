package exchange

import (
	"regexp"
	"strings"

	"waymark/generator/internal/outline"
)

var (
	mapSection = regexp.MustCompile(`(?mi)^#[ \t]+map[ \t]*$`)
	inlineNote = regexp.MustCompile(`\[([\w -]+)::?[ \t]*([^\]]*)\]`)
)

// fromMarkdown reads a story map as MozaicWorks' storymap writes it. A line of --- under a task begins its next release.
//
// Source: the README of github.com/MozaicWorks/storymap.
func fromMarkdown(text string) (Imported, error) {
	b := newBuilder()
	var releases []string
	var about []string // the description of the release or persona being read
	var section, current string
	release := 0
	var story *outline.Card
	end := func() {
		if current != "" {
			b.header(map[string]string{"releases": "slice", "personas": "persona"}[section], current, strings.Join(about, " "))
		}
		current, about = "", nil
	}
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		level := len(line) - len(strings.TrimLeft(line, "#"))
		heading := strings.TrimSpace(strings.TrimLeft(line, "#"))
		switch {
		case level == 1:
			end()
			section = strings.ToLower(heading)
		case section == "releases" && level == 2:
			end()
			current = name(heading)
			releases = append(releases, current)
		case section == "personas" && level == 2:
			end()
			current = name(heading)
		case (section == "releases" || section == "personas") && line != "":
			if plain := strings.Trim(line, "-* "); plain != "" && !strings.HasPrefix(line, "!") && !strings.HasPrefix(line, "[") {
				about = append(about, strings.NewReplacer("**", "").Replace(plain))
			}
		case section != "map":
		case level == 2:
			story = nil
			b.out.Cards = append(b.out.Cards, newCard(heading))
		case level == 3:
			story, release = nil, 0
			last(&b.out.Cards).Children = append(last(&b.out.Cards).Children, newCard(heading))
		case level == 4:
			activity := last(&b.out.Cards)
			story = b.story(heading)
			if release < len(releases) {
				story.Notes = append(story.Notes, outline.Note{Key: "slice", Value: releases[release]})
			}
			task := last(&activity.Children)
			task.Children = append(task.Children, story)
		case strings.Trim(line, "-") == "" && len(line) >= 3:
			release++
			story = nil
		case story != nil && line != "":
			addDetail(story, "note", strings.TrimLeft(line, "-* "))
		}
	}
	end()
	return Imported{Kind: storyKind, Outline: b.out}, nil
}

// last returns the last card, and makes one where there is none.
func last(cards *[]*outline.Card) *outline.Card {
	if len(*cards) == 0 {
		*cards = append(*cards, newCard(""))
	}
	return (*cards)[len(*cards)-1]
}

// story reads a heading with its fields: Sign in [status:: done] [persona:: Margie].
func (b *builder) story(heading string) *outline.Card {
	c := newCard(inlineNote.ReplaceAllString(heading, ""))
	for _, g := range inlineNote.FindAllStringSubmatch(heading, -1) {
		switch key := strings.ToLower(strings.TrimSpace(g[1])); key {
		case "status":
			setStatus(c, g[2])
		case "persona":
			b.note(c, "persona", g[2])
		case "size", "owner":
			addDetail(c, key, g[2])
		default:
			addDetail(c, "note", key+": "+g[2])
		}
	}
	return c
}

// fromOutline reads headings and lines that are indented with spaces or tabs, with bullets or without. One heading alone
// at the beginning is the title.
func fromOutline(text string) (Imported, error) {
	b := newBuilder()
	type open struct {
		card   *outline.Card
		column int
	}
	var stack []open
	top := strings.Count("\n"+text, "\n# ")
	for line := range strings.Lines(text) {
		body := strings.TrimLeft(line, " \t\u00A0")
		column := 0
		for _, r := range line[:len(line)-len(body)] {
			if r == '\t' {
				column += 4
			} else {
				column++
			}
		}
		body = strings.TrimSpace(body)
		box, plain := bullet(body)
		if g := heading.FindStringSubmatch(body); g != nil {
			if len(g[1]) == 1 && top == 1 && len(b.out.Cards) == 0 {
				b.header("title", g[2], "")
				continue
			}
			box, plain, column = outline.NoBox, g[2], len(g[1])-100 // every heading is above every line
		}
		if plain == "" {
			continue
		}
		c := newCard(plain)
		c.Box = box
		for len(stack) > 0 && stack[len(stack)-1].column >= column {
			stack = stack[:len(stack)-1]
		}
		if len(stack) > maxDepth {
			stack = stack[:maxDepth]
		}
		if len(stack) == 0 {
			b.out.Cards = append(b.out.Cards, c)
		} else {
			p := stack[len(stack)-1].card
			p.Children = append(p.Children, c)
		}
		stack = append(stack, open{c, column})
	}
	return Imported{Outline: b.out}, nil
}

var heading = regexp.MustCompile(`^(#{1,6})\s+(.*)$`)

var bulletForm = regexp.MustCompile(`^(?:[-*+•–—●○■□▪▫◦‣⁃·o]|\d{1,9}[.)])\s+`)

// bullet takes the bullet and the box off a line.
func bullet(line string) (outline.Box, string) {
	line = bulletForm.ReplaceAllString(line, "")
	for _, b := range []outline.Box{outline.OpenBox, outline.DoingBox, outline.DoneBox, outline.DroppedBox} {
		if rest, found := strings.CutPrefix(strings.Replace(line, "[X]", "[x]", 1), string(b)); found {
			return b, strings.TrimSpace(rest)
		}
	}
	if strings.Trim(line, "-*_= ") == "" {
		return outline.NoBox, "" // it parts what is above from what is below
	}
	return outline.NoBox, line
}
