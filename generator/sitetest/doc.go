// Package sitetest holds what Waymark promises of a whole site against the demonstration site: in a real browser, under
// the Nu HTML checker, and by following every link. It has tests only.
//
// The tests need Chromium, Java, xmllint and the npm packages in package.json; make test installs them. Where
// WAYMARK_TOOLS is set, a tool that is missing fails the test; otherwise the test is skipped.
package sitetest
