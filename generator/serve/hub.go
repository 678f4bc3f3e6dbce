package serve

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"sync"

	"waymark/generator/diag"
)

// event is told to a browser. It carries addresses, and nothing of the content.
type event struct {
	name string // reload, style, files, look, go or rest
	data string // an address, or JSON with addresses
}

// viewer is a browser that shows a page.
type viewer struct {
	path    string // the address of the page, as the browser asked for it
	version string // of the page that it shows
	style   string // the address of its style sheet
	look    string // a digest of what its author's bar says
	edits   int    // how many edits it knows of
	files   int    // how many changed files it knows of
	browser string // which browser it is in, by a number of its own
	since   int    // how many came before it
	events  chan event

	deciding sync.Mutex // one decision at a time; guards what it knows
}

// queued is how many events may wait for a browser. One that does not listen for so long is let go: it comes back, and is
// told what it missed.
const queued = 16

// hub knows who looks at what.
type hub struct {
	mu      sync.Mutex
	viewers map[*viewer]bool
	joined  int      // how many came so far
	edits   int      // how many edits had a page of their own
	edited  string   // the address of the last one, within the site
	files   []string // the addresses of files that changed, the latest last
	dropped int      // how many were there before these
}

// rememberedFiles is how many changed files are remembered for pages that do not listen.
const rememberedFiles = 1000

// noteFiles remembers files that changed.
func (h *hub) noteFiles(addresses []string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.files = append(h.files, addresses...)
	if over := len(h.files) - rememberedFiles; over > 0 {
		h.files = h.files[over:]
		h.dropped += over
	}
}

// filesSince returns the files that changed since a page knew of so many, as JSON, and how many there are in all. It returns
// "" where there is nothing new.
func (h *hub) filesSince(known int) (list string, all int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	all = h.dropped + len(h.files)
	if known >= all {
		return "", all
	}
	data, _ := json.Marshal(map[string]any{"files": h.files[max(0, known-h.dropped):], "known": all}) // this always has a form in JSON
	return string(data), all
}

// counts returns how many edits and how many changed files there were.
func (h *hub) counts() (edits, files int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.edits, h.dropped + len(h.files)
}

// note remembers which page was edited last.
func (h *hub) note(address string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.edits++
	h.edited = address
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

// tell finds out for every browser what it should do, and tells it. Pages are made for that, which takes time: others come and
// go meanwhile, and are told of later changes.
func (h *hub) tell(decide func(*viewer) []event) {
	h.mu.Lock()
	viewers := slices.Collect(maps.Keys(h.viewers))
	h.mu.Unlock()
	for _, v := range viewers {
		h.tellOne(v, decide)
	}
}

// tellOne finds out for one browser what it should do, and tells it.
func (h *hub) tellOne(v *viewer, decide func(*viewer) []event) {
	v.deciding.Lock()
	defer v.deciding.Unlock()
	events := decide(v)
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, e := range events {
		h.send(v, e)
	}
}

// lastEdit returns how many edits there were, and the page of the last one.
func (h *hub) lastEdit() (edits int, address string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.edits, h.edited
}

// moved says what a browser should do after the site moved to another address of this server.
func (s *server) moved(v *viewer, from string) []event {
	rest, within := strings.CutPrefix(v.path, from)
	if !within {
		return nil
	}
	data, _ := json.Marshal(map[string]any{"to": escaped(s.base() + rest), "edits": v.edits}) // this always has a form in JSON
	return []event{{"go", string(data)}}
}

// decide says what a browser should do after an update.
func (s *server) decide(v *viewer) (events []event) {
	defer func() {
		if fault := recover(); fault != nil { // other browsers are told; the next request for the page says what is wrong
			s.say("%s, in looking at %s (please report it)", diag.Fault("", fault).Message, diag.Printable(v.path))
			events = nil
		}
	}()
	if edits, edited := s.hub.lastEdit(); s.options.Follow && v.edits < edits {
		v.edits = edits
		if to := s.base() + strings.TrimPrefix(edited, "/"); to != v.path {
			data, _ := json.Marshal(map[string]any{"to": escaped(to), "edits": v.edits}) // this always has a form in JSON
			return []event{{"go", string(data)}}
		}
	}
	files, all := s.hub.filesSince(v.files)
	if v.files = all; files != "" {
		events = append(events, event{"files", files}) // before all else: a page that shows one of them is loaded again
	}
	return append(events, s.compare(v)...)
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
