; state.asm -- leave a stack, capture the processor, resume it
%include "boot/pc/shared.asm"

section .text align=16

; void machine_switch(u32 *from, u32 to)
; out: the call returns when somebody switches back; see struct switch_frame
global machine_switch
machine_switch:
    mov eax, [esp + 4]
    mov edx, [esp + 8]
    push ebp
    push ebx
    push esi
    push edi
    mov [eax], esp
    mov esp, edx
    pop edi
    pop esi
    pop ebx
    pop ebp
    ret

; The idle execution: interrupts are on only while the processor halts.  It
; begins with the registers of whoever ran before; gs and fs may name segments
; of thread-local storage, which are that one's alone.
global idle_loop
idle_loop:
    mov eax, KERNEL_DS
    mov fs, eax
    mov gs, eax
.halt:
    sti
    hlt
    cli
    jmp .halt

; int machine_capture(struct cpu_state *cpu)
; clobbers: eax, ecx
global machine_capture
machine_capture:
    mov eax, [esp + 4]
    mov [eax + CPU_EBX], ebx
    mov [eax + CPU_ESI], esi
    mov [eax + CPU_EDI], edi
    mov [eax + CPU_EBP], ebp
    lea ecx, [esp + 4]          ; as after our return
    mov [eax + CPU_ESP], ecx
    mov ecx, [esp]
    mov [eax + CPU_EIP], ecx
    pushfd
    pop dword [eax + CPU_EFLAGS]
    mov ecx, cr0
    mov [eax + CPU_CR0], ecx
    mov ecx, cr3
    mov [eax + CPU_CR3], ecx
    mov ecx, cr4
    mov [eax + CPU_CR4], ecx

    sub esp, 8
    sgdt [esp]
    movzx ecx, word [esp]
    mov [eax + CPU_GDT_LIMIT], ecx
    mov ecx, [esp + 2]
    mov [eax + CPU_GDT_BASE], ecx
    sidt [esp]
    movzx ecx, word [esp]
    mov [eax + CPU_IDT_LIMIT], ecx
    mov ecx, [esp + 2]
    mov [eax + CPU_IDT_BASE], ecx
    add esp, 8
    str ecx
    mov [eax + CPU_TR], ecx
    sldt ecx
    mov [eax + CPU_LDT], ecx

    mov ecx, cs
    mov [eax + CPU_CS], ecx
    mov ecx, ds
    mov [eax + CPU_DS], ecx
    mov ecx, es
    mov [eax + CPU_ES], ecx
    mov ecx, fs
    mov [eax + CPU_FS], ecx
    mov ecx, gs
    mov [eax + CPU_GS], ecx
    mov ecx, ss
    mov [eax + CPU_SS], ecx
    fxsave [eax + CPU_FPU]
    xor eax, eax
    ret

; _Noreturn void machine_resume(const struct cpu_state *cpu, int value)
; in: cpu and the current stack are mapped alike before and after CR3 changes
;     (straight window).  Interrupts stay off whatever EFLAGS said.
global machine_resume
machine_resume:
    cli
    mov esi, [esp + 4]
    mov edi, [esp + 8]
    mov eax, [esi + CPU_CR4]
    mov cr4, eax
    mov eax, [esi + CPU_CR3]
    mov cr3, eax
    mov eax, [esi + CPU_CR0]
    mov cr0, eax

    sub esp, 8
    mov eax, [esi + CPU_GDT_LIMIT]
    mov [esp], ax
    mov eax, [esi + CPU_GDT_BASE]
    mov [esp + 2], eax
    lgdt [esp]
    mov ecx, [esi + CPU_IDT_LIMIT]
    mov [esp], cx
    mov ecx, [esi + CPU_IDT_BASE]
    mov [esp + 2], ecx
    lidt [esp]

    mov ecx, [esi + CPU_TR]     ; ltr refuses a TSS that is marked busy
    and ecx, 0xfff8
    jz .no_task
    and byte [eax + ecx + 5], ~2
    ltr cx
.no_task:
    mov ecx, [esi + CPU_LDT]
    lldt cx

    push dword [esi + CPU_CS]
    push dword .segments
    retf
.segments:
    mov ecx, [esi + CPU_DS]
    mov ds, ecx
    mov ecx, [esi + CPU_ES]
    mov es, ecx
    mov ecx, [esi + CPU_FS]
    mov fs, ecx
    mov ecx, [esi + CPU_GS]
    mov gs, ecx
    fxrstor [esi + CPU_FPU]
    mov ecx, [esi + CPU_EFLAGS]
    and ecx, ~0x200             ; IF
    push ecx
    popfd

    mov eax, edi
    mov edx, [esi + CPU_EIP]
    mov ebx, [esi + CPU_EBX]
    mov edi, [esi + CPU_EDI]
    mov ebp, [esi + CPU_EBP]
    mov ecx, [esi + CPU_SS]
    mov ss, ecx                 ; holds interrupts off for the next one
    mov esp, [esi + CPU_ESP]
    mov esi, [esi + CPU_ESI]
    jmp edx
