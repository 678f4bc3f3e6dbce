package serve

import (
	"sync"
	"testing"
)

// While somebody finds out what one browser should do, which takes as long as a page takes, others may come and go.
func TestNobodyWaitsForAnotherBrowsersPage(t *testing.T) {
	var h hub
	slow := &viewer{path: "/slow/", events: make(chan event, queued)}
	h.join(slow)
	begun, goOn := make(chan bool), make(chan bool)
	var wait sync.WaitGroup
	wait.Go(func() {
		h.tell(func(*viewer) []event {
			begun <- true
			<-goOn
			return []event{{"reload", ""}}
		})
	})
	<-begun
	other := &viewer{path: "/other/", events: make(chan event, queued)}
	h.join(other) // which would never come back
	h.note("/other/")
	h.leave(other)
	goOn <- true
	wait.Wait()
	if e := <-slow.events; e.name != "reload" {
		t.Errorf("%+v", e)
	}
}
