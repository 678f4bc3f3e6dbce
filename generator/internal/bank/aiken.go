package bank

import (
	"regexp"
	"strings"

	"waymark/generator/diag"
	"waymark/generator/internal/quiz"
)

// Aiken is a form for choices of which one is right. Source: https://docs.moodle.org/en/Aiken_format

var (
	aikenChoice = regexp.MustCompile(`^([A-Z])[.)]\s+(.*\S)\s*$`)
	aikenAnswer = regexp.MustCompile(`(?m)^ANSWER:\s*([A-Z])\s*$`)
)

func readAiken(s, name string) (questions []quiz.Question, list diag.List) {
	var q quiz.Question
	var ask []string
	begin := 0
	for n, line := range strings.Split(s, "\n") {
		switch {
		case aikenAnswer.MatchString(line):
			letter := aikenAnswer.FindStringSubmatch(line)[1]
			right := int(letter[0] - 'A')
			switch {
			case len(ask) == 0 || len(q.Answers) < 2:
				list.Add(problem(name, n+1, "write the question, and below it A. and B.", "this answer belongs to no question"))
			case right >= len(q.Answers):
				list.Add(problem(name, n+1, "name one of the answers above", "there is no answer %s", letter))
			default:
				q.Kind, q.Ask = quiz.Single, text(strings.Join(ask, "\n"))
				q.Answers[right].Right = true
				questions = append(questions, q)
			}
			q, ask = quiz.Question{}, nil
		case aikenChoice.MatchString(line) && len(ask) > 0:
			q.Answers = append(q.Answers, quiz.Answer{Text: text(aikenChoice.FindStringSubmatch(line)[2])})
		case strings.TrimSpace(line) != "":
			if len(ask) == 0 {
				begin = n + 1
			}
			ask = append(ask, strings.TrimSpace(line))
		}
	}
	if len(ask) > 0 {
		list.Add(problem(name, begin, "write for example: ANSWER: B", "nothing says which answer of this question is right"))
	}
	return questions, list
}
