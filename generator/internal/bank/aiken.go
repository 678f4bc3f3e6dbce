package bank

import (
	"regexp"
	"strings"

	"waymark/generator/diag"
	"waymark/generator/internal/quiz"
)

// Aiken is a form for choices of which one is right. Source: https://docs.moodle.org/en/Aiken_format

var (
	aikenChoice = regexp.MustCompile(`^([A-Za-z])[.)]\s+(.*\S)\s*$`)
	aikenAnswer = regexp.MustCompile(`(?mi)^ANSWER:\s*([A-Z])\s*$`)
	aikenOther  = regexp.MustCompile(`(?i)^ANSWERS?:`)
)

func readAiken(s, name string) (questions []quiz.Question, list diag.List) {
	var q quiz.Question
	var ask []string
	begin := 0
	for n, line := range strings.Split(s, "\n") {
		switch {
		case aikenAnswer.MatchString(line):
			letter := aikenAnswer.FindStringSubmatch(line)[1]
			right := int(strings.ToUpper(letter)[0] - 'A')
			switch {
			case len(ask) == 0 || len(q.Answers) < 2:
				list.Add(problem(name, n+1, "write the question, and below it A. and B.", "this answer belongs to no question"))
			case right >= len(q.Answers):
				list.Add(problem(name, n+1, "name one of the answers above", "there is no answer %s", letter))
			default:
				q.Kind, q.Ask = quiz.Single, text(safe(strings.Join(ask, " ")))
				q.Answers[right].Right = true
				questions = append(questions, q)
			}
			q, ask = quiz.Question{}, nil
		case aikenOther.MatchString(line):
			list.Add(problem(name, n+1, "write one letter: ANSWER: B; questions with several right answers are no Aiken", "this line names no one answer"))
			q, ask = quiz.Question{}, nil
		case strings.TrimSpace(line) == "" && len(q.Answers) > 0:
			list.Add(problem(name, begin, "write for example: ANSWER: B", "nothing says which answer of this question is right"))
			q, ask = quiz.Question{}, nil
		case len(q.Answers) > 0 && strings.TrimSpace(line) != "" && !aikenChoice.MatchString(line):
			last := &q.Answers[len(q.Answers)-1]
			last.Text = text(last.Text.String() + " " + safe(line))
		case aikenChoice.MatchString(line) && len(ask) > 0:
			q.Answers = append(q.Answers, quiz.Answer{Text: text(safe(aikenChoice.FindStringSubmatch(line)[2]))})
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
