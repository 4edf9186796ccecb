; trap.asm -- exceptions, interrupts and system calls, on their way to C
%include "boot/pc/shared.asm"

extern trap, early_trap

; Does the CPU push an error code for this vector?
%macro has_error 1
    %assign error 0
    %if %1 == 8 || (%1 >= 10 && %1 <= 14) || %1 == 17 || %1 == 21
        %assign error 1
    %elif %1 == 29 || %1 == 30
        %assign error 1
    %endif
%endmacro

; entries prefix, count, target: count stubs that push what struct frame has
; below eax and go to target.
%macro entries 3
    %assign i 0
    %rep %2
        has_error i
        align 4
%1%+ i:
        %if error == 0
            push dword 0
        %endif
        push dword i
        jmp %3
        %assign i i + 1
    %endrep
%endmacro

%macro addresses 2
    %assign i 0
    %rep %2
        dd %1%+ i
        %assign i i + 1
    %endrep
%endmacro

; Complete the struct frame and load the kernel's data segments.
; out: ebx = struct frame; the stack is aligned as C wants it
%macro enter_kernel 0
    pushad
    push ds
    push es
    push fs
    push gs
    mov eax, KERNEL_DS
    mov ds, eax
    mov es, eax
    cld
    mov ebx, esp
    and esp, -16
    sub esp, 12
    push ebx
%endmacro

section .text align=16
    entries vector_, 256, trap_any
    entries early_, 32, trap_early

; Any trap once the kernel's data are there: trap(frame), and back.
trap_any:
    enter_kernel
    call trap
    mov esp, ebx

; in: esp = struct frame.  Go on where it says.
global trap_return
trap_return:
    pop gs
    pop fs
    pop es
    pop ds
    popad
    add esp, FRAME_EIP - FRAME_VECTOR
    iretd

; An exception before that: early_trap(frame) does not return.
trap_early:
    enter_kernel
    call early_trap

section .rodata align=4
global trap_entries, early_entries
trap_entries:
    addresses vector_, 256
early_entries:
    addresses early_, 32
