package words

import "encoding/json"

// said is what there is to say in one language, for a fingerprint.
type said struct {
	Language, Direction string
	Plain               map[string]string
	Forms               map[string]map[string]string
}

// Fingerprint returns bytes that are the same for two Words exactly if they say the same.
func (w *Words) Fingerprint() []byte {
	w = w.orEnglish()
	s := said{w.Language, w.Direction, map[string]string{}, map[string]map[string]string{}}
	for key, t := range w.texts {
		s.Plain[key] = t.plain
		if t.forms != nil {
			s.Forms[key] = t.forms
		}
	}
	data, err := json.Marshal(s) // which sorts keys
	if err != nil {
		panic(err) // texts always marshal
	}
	return data
}

// Fingerprint returns bytes that are the same for two Sets exactly if they say the same in all languages.
func (s *Set) Fingerprint() []byte {
	out := s.Site().Fingerprint()
	if s == nil {
		return out
	}
	by := map[string]json.RawMessage{}
	for tag, w := range s.by {
		by[tag] = w.Fingerprint()
	}
	data, err := json.Marshal(by)
	if err != nil {
		panic(err) // as above
	}
	return append(out, data...)
}
