; call.asm -- the one system call instruction of all programs
;
; int tender_call(u32 op, rid target, word a0, word a1, word a2, word a3);
;
; in   six words on the stack, by the C convention
; out  eax = result; the registers C expects to survive do

bits 32
global tender_call

section .text

tender_call:
    push    ebx
    push    esi
    push    edi
    mov     eax, [esp + 16]     ; op: above three pushes and the return address
    mov     ebx, [esp + 20]     ; target
    mov     ecx, [esp + 24]     ; a0
    mov     edx, [esp + 28]     ; a1
    mov     esi, [esp + 32]     ; a2
    mov     edi, [esp + 36]     ; a3
    int     0x81
    pop     edi
    pop     esi
    pop     ebx
    ret

section .note.GNU-stack noalloc noexec nowrite progbits
