; memory.asm -- copying, clearing and flushing memory; translations
%include "boot/pc/shared.asm"

LINE equ 64

; The hot loops must not cross a page boundary (under TCG they would run many
; times slower), hence the alignment.
section .text align=256

; void machine_copy_page(void *to, const void *from)
; The emulator's TLB is direct-mapped: when both pages have the same low 20
; bits they evict each other at every move.  Then go through a third page.
align 256
global machine_copy_page
machine_copy_page:
    mov eax, [esp + 4]
    mov edx, [esp + 8]
    sub esp, 64                 ; keep the SSE registers of the program
    movups [esp], xmm0
    movups [esp + 16], xmm1
    movups [esp + 32], xmm2
    movups [esp + 48], xmm3
    mov ecx, eax
    xor ecx, edx
    test ecx, 0xff000
    jz .bounce
.last:
    call copy
    movups xmm0, [esp]
    movups xmm1, [esp + 16]
    movups xmm2, [esp + 32]
    movups xmm3, [esp + 48]
    add esp, 64
    ret
.bounce:
    push eax
    mov eax, copy_bounce
    mov ecx, eax
    xor ecx, edx
    test ecx, 0xff000
    jnz .away
    add eax, 4096               ; the bounce page collides, its neighbour not
.away:
    push eax
    call copy
    pop edx
    pop eax
    jmp .last

; Copy a page.  in: eax = to, edx = from; clobbers eax, ecx, edx, xmm0-3
align 256
copy:
    mov ecx, 4096 / 128
.more:
    movdqa xmm0, [edx]
    movdqa xmm1, [edx + 16]
    movdqa xmm2, [edx + 32]
    movdqa xmm3, [edx + 48]
    movdqa [eax], xmm0
    movdqa [eax + 16], xmm1
    movdqa [eax + 32], xmm2
    movdqa [eax + 48], xmm3
    movdqa xmm0, [edx + 64]
    movdqa xmm1, [edx + 80]
    movdqa xmm2, [edx + 96]
    movdqa xmm3, [edx + 112]
    movdqa [eax + 64], xmm0
    movdqa [eax + 80], xmm1
    movdqa [eax + 96], xmm2
    movdqa [eax + 112], xmm3
    sub edx, -128
    sub eax, -128
    dec ecx
    jnz .more
    ret

; void machine_zero_page(void *page)
align 128
global machine_zero_page
machine_zero_page:
    mov eax, [esp + 4]
    sub esp, 16                 ; keep the SSE register of the program
    movups [esp], xmm0
    pxor xmm0, xmm0
    mov ecx, 4096 / 128
.more:
    movdqa [eax], xmm0
    movdqa [eax + 16], xmm0
    movdqa [eax + 32], xmm0
    movdqa [eax + 48], xmm0
    movdqa [eax + 64], xmm0
    movdqa [eax + 80], xmm0
    movdqa [eax + 96], xmm0
    movdqa [eax + 112], xmm0
    sub eax, -128
    dec ecx
    jnz .more
    movups xmm0, [esp]
    add esp, 16
    ret

; void machine_flush(const void *start, u32 bytes)
; Each write-back begins a translation block (the jump before it), so that a
; TCG plugin sees registers that are up to date when it decodes the address.
align 256
global machine_flush
machine_flush:
    mov eax, [esp + 4]
    mov ecx, [esp + 8]
    test ecx, ecx
    jz .end
    mov edx, eax
    and edx, LINE - 1
    lea ecx, [ecx + edx + LINE - 1]
    shr ecx, 6                  ; lines touched
    and eax, -LINE
    mov edx, [flush_kind]
    cmp edx, FLUSH_CLWB
    je .clwb
    cmp edx, FLUSH_CLFLUSHOPT
    je .clflushopt
    cmp edx, FLUSH_CLFLUSH
    je .clflush
.end:
    ret                         ; FLUSH_WBINVD: machine_fence() does it
.clwb:
    jmp .clwb_line
.clwb_line:
    clwb [eax]
    add eax, LINE
    dec ecx
    jnz .clwb
    ret
.clflushopt:
    jmp .clflushopt_line
.clflushopt_line:
    clflushopt [eax]
    add eax, LINE
    dec ecx
    jnz .clflushopt
    ret
.clflush:
    jmp .clflush_line
.clflush_line:
    clflush [eax]
    add eax, LINE
    dec ecx
    jnz .clflush
    ret

; void machine_fence(void)
global machine_fence
machine_fence:
    cmp dword [flush_kind], FLUSH_WBINVD
    je machine_flush_all
    sfence
    ret

; void machine_flush_all(void)
global machine_flush_all
machine_flush_all:
    wbinvd
    ret

; void machine_invalidate(u32 va)
global machine_invalidate
machine_invalidate:
    mov eax, [esp + 4]
    invlpg [eax]
    ret

; void machine_invalidate_all(void)
global machine_invalidate_all
machine_invalidate_all:
    mov eax, cr3
    mov cr3, eax
    ret

; void machine_load_space(u32 page_directory)
global machine_load_space
machine_load_space:
    mov eax, [esp + 4]
    mov cr3, eax
    ret

; void machine_fpu_save(u8 *area), void machine_fpu_load(const u8 *area)
global machine_fpu_save
machine_fpu_save:
    mov eax, [esp + 4]
    fxsave [eax]
    ret

global machine_fpu_load
machine_fpu_load:
    mov eax, [esp + 4]
    fxrstor [eax]
    ret

section .bss.scratch nobits alloc noexec write align=4096
copy_bounce:
    resb 2 * 4096
global flush_kind
flush_kind:
    resd 1
