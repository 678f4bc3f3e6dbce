package preview

import (
	"sync"

	"waymark/generator/internal/markdown"
)

// answers are what was made of a site, because it is often asked for twice: once to find out whether a page changed, and once
// more by the browser that is told so.
type answers struct {
	mu   sync.Mutex
	made map[string]*Answer
}

func (a *answers) get(name string) *Answer {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.made[name]
}

func (a *answers) keep(name string, answer *Answer) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.made == nil || len(a.made) >= remembered {
		a.made = map[string]*Answer{}
	}
	a.made[name] = answer
}

// memory keeps what does not depend on the site around it: texts that were drawn, and narrower pictures.
type memory struct {
	mu       sync.Mutex
	texts    map[*markdown.Document][]byte
	pictures map[string]*Answer // by recipe
	size     int                // of the pictures, in bytes
}

// pictured is how large the pictures together may be, in bytes. Then all are forgotten.
const pictured = 16 << 20

func (m *memory) picture(recipe string) *Answer {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.pictures[recipe]
}

func (m *memory) keepPicture(recipe string, a *Answer) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.size += len(a.Data); m.pictures == nil || m.size > pictured {
		m.pictures, m.size = map[string]*Answer{}, len(a.Data)
	}
	m.pictures[recipe] = a
}

// remembered is how many files, and how many texts, are kept at most. Then all are forgotten: a reader who walks through
// the whole site needs none of them again.
const remembered = 128

func (m *memory) text(doc *markdown.Document) []byte {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.texts[doc]
}

func (m *memory) keepText(doc *markdown.Document, html []byte) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.texts == nil || len(m.texts) >= remembered {
		m.texts = map[*markdown.Document][]byte{}
	}
	m.texts[doc] = html
}

func (m *memory) keepTexts(drawn map[*markdown.Document][]byte) {
	for doc, html := range drawn {
		m.keepText(doc, html)
	}
}
