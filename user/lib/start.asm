; start.asm -- where a program begins: calls main and exits with its result
;
; in   esp -> argc, argv[0] .. argv[argc-1], NULL; other registers undefined
; out  does not return

bits 32
global _start
extern main
extern process_exit

section .text

; The C compiler expects esp to be a multiple of 16 just before each call
; (it keeps SSE values on the stack), and the direction flag to be clear.
_start:
    xor     ebp, ebp            ; ends a chain of stack frames
    cld
    mov     eax, [esp]          ; argc
    lea     ecx, [esp + 4]      ; argv
    and     esp, -16
    sub     esp, 8
    push    ecx
    push    eax
    call    main
    add     esp, 4
    mov     [esp], eax
    call    process_exit
    ud2                         ; not reached

section .note.GNU-stack noalloc noexec nowrite progbits
