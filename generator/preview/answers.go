package preview

import (
	"sync"

	"golang.org/x/sync/singleflight"
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

// remembered is how many files are kept at most. Then all are forgotten: a reader who walks through the whole site needs none of them
// again.
const remembered = 128
