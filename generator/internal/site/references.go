package site

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"waymark/generator/diag"
	"waymark/generator/internal/impactmap"
	"waymark/generator/internal/markdown"
	"waymark/generator/internal/outline"
	"waymark/generator/internal/storymap"
)

func (b *builder) mapErrorf(pos diag.Position, hint, format string, args ...any) {
	b.list.Add(outline.Problem(diag.Error, pos, hint, format, args...))
}

// findMap looks a map up, and says what is wrong where there is none of that kind.
func (b *builder) findMap(ref outline.Reference, kind string) *Map {
	m := b.mapID[ref.Map]
	name := strings.ReplaceAll(kind, "-", " ")
	switch {
	case m != nil && (kind == "" || m.Block.Kind() == kind):
		return m
	case m != nil:
		b.mapErrorf(ref.Pos, "name "+withArticle(name), "%q is %s", ref.Map, withArticle(m.Kind()))
	case b.heldMaps[ref.Map] != "":
		b.list.Add(outline.Problem(diag.Warning, ref.Pos, "it will work once that page is published", "the %s %q stands on a page that is held back (%s)", cmp.Or(name, "map"), ref.Map, b.heldMaps[ref.Map]))
	case slices.Contains(b.in.BrokenMaps, ref.Map):
		// Its own errors are reported where they are.
	default:
		var ids []string
		for _, m := range b.Maps {
			if kind == "" || m.Block.Kind() == kind {
				ids = append(ids, m.ID)
			}
		}
		hint := listed("this site has", ids)
		if b.maySearch() {
			hint = diag.DidYouMean(ref.Map, ids, hint)
		}
		b.mapErrorf(ref.Pos, hint, "there is no %s %q", cmp.Or(name, "map"), ref.Map)
	}
	return nil
}

func withArticle(name string) string {
	if strings.HasPrefix(name, "i") {
		return "an " + name
	}
	return "a " + name
}

func listed(intro string, names []string) string {
	if len(names) == 0 {
		return intro + " none"
	}
	if len(names) > 12 {
		names = append(names[:12:12], "...")
	}
	return intro + " " + strings.Join(names, ", ")
}

// embed finds what a block shows that has no cards of its own.
func (b *builder) embed(s *Shown) {
	ref := s.Block.Embed()
	if ref.Map == "" {
		return
	}
	s.Part = true
	if len(s.Block.Problems) > 0 {
		return
	}
	s.Map = b.findMap(ref, s.Block.Kind())
	if s.Map == nil {
		return
	}
	s.Impact, s.Story = s.Map.Impact, s.Map.Story
	if ref.Card == "" {
		return
	}
	if s.Impact != nil {
		if card := s.Impact.Find(ref.Card); card != nil {
			s.Impact = s.Impact.Below(card)
			return
		}
	} else if slice := s.Story.FindSlice(ref.Card); slice != nil {
		s.Story = s.Story.Of(slice)
		return
	} else if s.Story.Find(ref.Card) != nil {
		s.Story = s.Story.Below(ref.Card)
		return
	}
	b.noCard(ref.Pos, s.Map, ref.Card)
}

// boundEmbed counts the cards that a block shows of another map, after those that were counted before it on its page. Past
// what one map may have it shows none, so that a page does not grow with the product of its blocks and of what they name.
func (b *builder) boundEmbed(s *Shown, before int) int {
	if !s.Part || s.Map == nil {
		return 0
	}
	cards := 0
	if s.Impact != nil {
		s.Impact.Walk(func(*impactmap.Card, []*impactmap.Card) { cards++ })
	} else {
		s.Story.Walk(func(*storymap.Card, []*storymap.Card) { cards++ })
	}
	if before <= outline.MaxCards && before+cards > outline.MaxCards {
		b.mapErrorf(s.Block.Embed().Pos, "link to the map's page, or embed a branch of it", "the maps that this page embeds have more than %d cards, beginning with this one", outline.MaxCards)
	}
	if before+cards > outline.MaxCards {
		s.Map, s.Impact, s.Story = nil, s.Block.Impact, s.Block.Story
	}
	return cards
}

func (b *builder) noCard(pos diag.Position, m *Map, card string) {
	hint := "the cards' ids are their texts in small letters, or what stands behind # in their notes"
	if b.maySearch() {
		hint = diag.DidYouMean(card, m.ids(), hint)
	}
	b.mapErrorf(pos, hint, "the %s %q has no card %q", m.Kind(), m.ID, card)
}

// references resolves which deliverables the stories of a map are for.
func (b *builder) references(m *Map) {
	first := m.Story.ImpactMap
	var base *Map
	if first.Map != "" {
		base = b.findMap(first, impactmap.Kind)
	}
	told := first.Map != "" // whether it is known why references without a map lead nowhere
	m.Story.Walk(func(c *storymap.Card, _ []*storymap.Card) {
		for _, ref := range c.Refs {
			on := base
			switch {
			case ref.Map != "" && c.Own:
				on = b.findMap(ref, impactmap.Kind)
			case ref.Map != "":
				on = b.mapID[ref.Map]
			case base == nil && !told:
				told = true
				b.mapErrorf(ref.Pos, "add above the cards: impact-map: NAME", "this story map names no impact map")
			}
			if on != nil && on.Impact != nil {
				b.reference(m, c, ref, on)
			}
		}
	})
}

func (b *builder) reference(m *Map, c *storymap.Card, ref outline.Reference, on *Map) {
	target := on.impact[ref.Card]
	switch {
	case target != nil && target.Level >= impactmap.Deliverable:
		if story := (Card{m, c}); c.Level == storymap.Story && !slices.Contains(on.Stories[target.ID], story) {
			on.Stories[target.ID] = append(on.Stories[target.ID], story)
		}
	case !c.Own || target == nil && len(on.Block.Problems) > 0:
		// Reported at the card that has it; or it may be one that could not be read.
	case target != nil:
		b.mapErrorf(ref.Pos, "name a deliverable", "%q is %s of the impact map %q, and stories are for deliverables", ref.Card, withArticleOf(target.Level), on.ID)
	default:
		var ids []string
		for _, d := range append(on.Impact.Level(impactmap.Deliverable), on.Impact.Level(impactmap.Option)...) {
			ids = append(ids, d.ID)
		}
		hint := listed("there are", ids)
		if b.maySearch() {
			hint = diag.DidYouMean(ref.Card, ids, hint)
		}
		b.mapErrorf(ref.Pos, hint, "no deliverable %q in the impact map %q", ref.Card, on.ID)
	}
}

func withArticleOf(l impactmap.Level) string {
	if l == impactmap.Goal {
		return "a goal"
	}
	return "an " + l.String()
}

// frontMaps resolves which maps and cards a page says it is evidence for.
func (b *builder) frontMaps(p *Page) {
	if p.Doc == nil {
		return
	}
	for _, name := range p.Doc.Front.Maps {
		ref := outline.ParseReference(name, pos(p, "maps"))
		if ref.Map == "" {
			ref.Map, ref.Card = ref.Card, ""
		}
		m := b.findMap(ref, "")
		switch {
		case m == nil:
		case ref.Card != "" && !m.Has(ref.Card):
			b.noCard(ref.Pos, m, ref.Card)
		default:
			b.addEvidence(m, ref.Card, p)
		}
	}
}

// addEvidence remembers that a page names a card, or the map where card is empty.
func (b *builder) addEvidence(m *Map, card string, from *Page) {
	if from != m.Home && from.Doc != nil && !slices.Contains(m.Evidence[card], from) {
		m.Evidence[card] = append(m.Evidence[card], from)
	}
}

// inMap checks the card that a link to a map names. It returns the place, or "" where there is none.
func (b *builder) inMap(from *Page, m *Map, l markdown.Link, card string) string {
	if card != "" && !m.Has(card) {
		b.noCard(l.Pos, m, card)
		return ""
	}
	b.addEvidence(m, card, from)
	return card
}

// missingMap reports a link to a map's page that is not there. Renaming a map is to break loudly.
func (b *builder) missingMap(l markdown.Link, name string) bool {
	id, found := strings.CutPrefix(path.Clean(name), "/maps/")
	if !found || strings.Contains(id, "/") {
		return false
	}
	b.findMap(outline.Reference{Map: id, Pos: l.Pos}, "")
	return true
}

// onPage finds what a fragment names among the maps of a page: a map, a card of one ("map/card"), or a card without its
// map's name. It returns the place, and remembers that the card was named.
func (b *builder) onPage(from, to *Page, fragment string) (place string, found bool) {
	id, card, _ := strings.Cut(fragment, "/")
	whole := slices.IndexFunc(to.Maps, func(s Shown) bool {
		return s.Map != nil && !s.Part && s.Map.ID == id && (card == "" || s.Map.Has(card))
	})
	if whole < 0 {
		card = fragment
		whole = slices.IndexFunc(to.Maps, func(s Shown) bool { return s.Map != nil && !s.Part && s.Map.Has(card) })
	}
	if whole < 0 {
		return "", false
	}
	m := to.Maps[whole].Map
	b.addEvidence(m, card, from)
	return m.ID + "/" + card, true
}

// mapPlaces lists the places that the maps of a page give it.
func mapPlaces(p *Page) []string {
	var ids []string
	for _, s := range p.Maps {
		if s.Map == nil || s.Part {
			continue
		}
		for _, id := range s.Map.ids() {
			ids = append(ids, s.Map.ID+"/"+id)
		}
	}
	return ids
}
