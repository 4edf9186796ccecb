# plate/save.c: the shutdown is acknowledged before the flag says so
s|^    root_set(&root_at()->flag, FLAG_NORMAL);|    say("tender: shut down; the next boot continues from here\\n");\n&|
