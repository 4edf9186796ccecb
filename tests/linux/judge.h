// judge.h -- questions that a test program asks, and what it says of the answers
#ifndef TESTS_LINUX_JUDGE_H
#define TESTS_LINUX_JUDGE_H

// Each answer that is wrong gets a line, which begins with the program's name.
void judge_begin(const char *program);
void judge(const char *what, int result, int wanted);
// "PROGRAM: N right, M wrong". -> what main() returns: 0 if none is wrong
int judge_end(void);

// In a process of its own. -> its status
int apart(void (*run)(void));

#endif
