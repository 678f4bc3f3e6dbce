package diag

import "fmt"

// UsageError is a request that cannot be met as it was put, as opposed to a mistake in a site's content and to a failure of
// the machine. Message says what is wrong, and in brackets what to do.
type UsageError struct {
	Message string
	Content bool // whether it is what a file holds that is wrong, and not the request itself
}

// Error returns the message.
func (e *UsageError) Error() string { return e.Message }

// Usagef returns a *UsageError.
func Usagef(format string, args ...any) error {
	return &UsageError{Message: fmt.Sprintf(format, args...)}
}

// Contentf returns a *UsageError for a file that cannot be used as it is.
func Contentf(format string, args ...any) error {
	return &UsageError{Message: fmt.Sprintf(format, args...), Content: true}
}
