package serve

import (
	"strings"
	"sync"
)

// event is told to a browser. It carries addresses, and nothing of the content.
type event struct {
	name string // reload, style, files, look, go or rest
	data string // an address; for files a JSON list of them
}

// viewer is a browser that shows a page.
type viewer struct {
	path    string // the address of the page, as the browser asked for it
	version string // of the page that it shows
	style   string // the address of its style sheet
	look    string // a digest of what its author's bar says
	edits   int    // how many edits there were when the page was sent
	browser string // which browser it is in, by a number of its own
	since   int    // how many came before it
	events  chan event
}

// queued is how many events may wait for a browser. One that does not listen for so long is let go: it comes back, and is
// told what it missed.
const queued = 16

// hub knows who looks at what.
type hub struct {
	mu      sync.Mutex
	viewers map[*viewer]bool
	joined  int    // how many came so far
	edits   int    // how many edits had a page of their own
	edited  string // the address of the last one, within the site
}

// note remembers which page was edited last.
func (h *hub) note(address string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.edits++
	h.edited = address
}

func (h *hub) noted() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.edits
}

// perBrowser is how many pages of one browser listen at a time. A browser has six connections to a server, and needs some
// to load a page.
const perBrowser = 4

// join lets a viewer listen. The one of the same browser that has listened longest may have to rest: it listens again when
// somebody turns to it.
func (h *hub) join(v *viewer) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.viewers == nil {
		h.viewers = map[*viewer]bool{}
	}
	h.joined++
	v.since = h.joined
	var oldest *viewer
	listening := 0
	for w := range h.viewers {
		if w.browser != v.browser || v.browser == "" {
			continue
		}
		listening++
		if oldest == nil || w.since < oldest.since {
			oldest = w
		}
	}
	if listening >= perBrowser {
		h.send(oldest, event{"rest", ""})
		h.drop(oldest)
	}
	h.viewers[v] = true
}

// send puts an event into a viewer's queue. One whose queue is full is let go.
func (h *hub) send(v *viewer, e event) {
	if !h.viewers[v] {
		return
	}
	select {
	case v.events <- e:
	default:
		h.drop(v)
	}
}

func (h *hub) leave(v *viewer) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.drop(v)
}

func (h *hub) drop(v *viewer) {
	if h.viewers[v] {
		delete(h.viewers, v)
		close(v.events)
	}
}

// tell finds out for every browser what it should do, and tells it.
func (h *hub) tell(decide func(*viewer) []event) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for v := range h.viewers {
		for _, e := range decide(v) {
			h.send(v, e)
		}
	}
}

// moved says what a browser should do after the site moved to another address of this server.
func (s *server) moved(v *viewer, from string) []event {
	rest, within := strings.CutPrefix(v.path, from)
	if !within {
		return nil
	}
	return []event{{"go", escaped(s.base() + rest)}}
}

// decide says what a browser should do after an update. The caller holds the hub.
func (s *server) decide(v *viewer, files string) []event {
	if s.options.Follow && v.edits < s.hub.edits {
		v.edits = s.hub.edits
		if to := s.base() + strings.TrimPrefix(s.hub.edited, "/"); to != v.path {
			return []event{{"go", escaped(to)}}
		}
	}
	events := s.compare(v)
	if files != "" && (len(events) == 0 || events[0].name != "reload") {
		events = append(events, event{"files", files})
	}
	return events
}

// compare says what a browser should do that shows what it says.
func (s *server) compare(v *viewer) []event {
	place := s.locate(v.path)
	state, err := s.state(place)
	if err != nil {
		return nil // the next request for the page says what is wrong
	}
	var events []event
	look := s.lookDigest(place)
	switch {
	case state.version != v.version && !state.broken:
		v.version, v.style, v.look = state.version, state.style, look
		return []event{{"reload", ""}}
	case state.style != v.style && !state.broken:
		v.style = state.style
		events = append(events, event{"style", state.style})
	}
	if look != v.look {
		v.look = look
		events = append(events, event{"look", ""})
	}
	return events
}
