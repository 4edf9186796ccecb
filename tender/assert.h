// assert.h -- broken invariants stop the machine, loudly
//
// ASSERT is for what the kernel itself promised; what the outside world does
// wrong returns an error (error.h).  An ASSERT has no side effects.
#ifndef TENDER_ASSERT_H
#define TENDER_ASSERT_H

// Print the sentence and where it was broken, dump what helps, and stop.
// Implemented by the machine (boot/pc/) and by the tests.
_Noreturn void panic(const char *file, int line, const char *sentence);

#define ASSERT(x) ((x) ? (void)0 : panic(__FILE__, __LINE__, #x))
#define PANIC(sentence) panic(__FILE__, __LINE__, sentence)

#endif
