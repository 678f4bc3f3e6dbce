package preview

import (
	"sync"

	"golang.org/x/sync/singleflight"

	"waymark/generator/internal/markdown"
)

// answers are what was made of a site, because it is often asked for twice: once to find out whether a page changed, and once
// more by the browser that is told so. Who asks for what is being made waits for it.
type answers struct {
	mu      sync.Mutex
	made    map[string]*Answer
	flights singleflight.Group
}

// once makes an answer, unless somebody does so already.
func (a *answers) once(name string, produce func() (*Answer, error)) (*Answer, error) {
	if answer := a.get(name); answer != nil {
		return answer, nil
	}
	answer, err, _ := a.flights.Do(name, func() (any, error) {
		if answer := a.get(name); answer != nil { // made between the two looks
			return answer, nil
		}
		return produce()
	})
	made, _ := answer.(*Answer)
	return made, err
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
	scaling  singleflight.Group
}

// pictured is how large the pictures together may be, in bytes. Then all are forgotten.
const pictured = 16 << 20

// picture returns the picture that a recipe makes, which is made once, however many ask for it.
func (m *memory) picture(recipe string, produce func() (*Answer, error)) (*Answer, error) {
	a, err, _ := m.scaling.Do(recipe, func() (any, error) {
		if a := m.knownPicture(recipe); a != nil {
			return a, nil
		}
		a, err := produce()
		if err == nil {
			m.keepPicture(recipe, a)
		}
		return a, err
	})
	made, _ := a.(*Answer)
	return made, err
}

func (m *memory) knownPicture(recipe string) *Answer {
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
