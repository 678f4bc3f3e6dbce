package markdown

import (
	"github.com/yuin/goldmark/ast"

	"waymark/generator/diag"
	"waymark/generator/internal/recall"
)

// CardBlock is a block of cards.
type CardBlock struct {
	Cards    []recall.Card
	Problems diag.List // found while it was parsed, for the preview
	Pos      diag.Position
	Fence    Fence
}

// maxCards is how many cards a page may have.
const maxCards = 2_000

// cardBlock reads a block of cards, and leaves a hole for it.
func (p *preparer) cardBlock(n *ast.FencedCodeBlock) {
	typed := p.block(n)
	block := CardBlock{Pos: typed.opening, Fence: typed.fence}
	if !typed.closed {
		p.neverClosed("recall", typed)
	} else {
		cards, list := recall.Parse(typed.opening, typed.lines)
		p.list.Add(list...)
		block.Cards, block.Problems = cards, list
	}
	if p.remembered += len(block.Cards); p.remembered > maxCards {
		p.errorf(typed.opening, "too-much", "put some of them on pages of their own", "this page has more than %d cards", maxCards)
		return
	}
	for i := range block.Cards {
		c := &block.Cards[i]
		p.fragment(&c.Front)
		p.fragment(&c.Back)
		p.fragment(&c.Hint)
		p.plain.WriteString(c.Front.Plain + " " + c.Back.Plain + " ")
	}
	p.doc.Cards = append(p.doc.Cards, block)
	setHole(n, p.hole(Link{Kind: CardHole, Block: len(p.doc.Cards) - 1, Pos: typed.opening}))
}
