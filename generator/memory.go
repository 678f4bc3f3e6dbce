package generator

import (
	"sync"

	"waymark/generator/internal/markdown"
)

// memory keeps what a Preview made last, because it is often asked for twice: once to find out whether a page changed,
// and once more by the browser that is told so.
type memory struct {
	mu       sync.Mutex
	answers  map[string]*Answer
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

func (m *memory) answer(name string) *Answer {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.answers[name]
}

func (m *memory) keepAnswer(name string, a *Answer) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.answers == nil || len(m.answers) >= remembered {
		m.answers = map[string]*Answer{}
	}
	m.answers[name] = a
}

// forget forgets the answers: any of them may be another one now. A text is the same as long as its Document is.
func (m *memory) forget() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.answers = nil
}

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
