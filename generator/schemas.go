package generator

import "waymark/generator/internal/schema"

// Schema is a JSON Schema, for editors: Name is that of its file.
type Schema struct {
	Name string
	Data []byte
}

// SettingsSchema and FrontMatterSchema are the names of the files of schemas.
const (
	SettingsSchema    = "waymark.schema.json"
	FrontMatterSchema = "front-matter.schema.json"
)

// Schemas returns the schemas of waymark.yaml and of front matter.
func Schemas() ([]Schema, error) {
	settings, err := schema.Settings()
	if err != nil {
		return nil, err
	}
	front, err := schema.FrontMatter()
	return []Schema{{SettingsSchema, settings}, {FrontMatterSchema, front}}, err
}
