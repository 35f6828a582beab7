using Relo.Core.Bpf;

namespace Relo.Core.Tests.Bpf;

/// <summary>
/// One table per instruction class, in the order of the kernel's Documentation/bpf/standardization/instruction-set.rst;
/// the notation is llvm's (llvm/lib/Target/BPF/BPFInstrInfo.td). Columns: opcode, dst, src, offset, immediate, text.
/// </summary>
public sealed class DisassemblerTests
{
    // "Arithmetic instructions"
    [Theory]
    [InlineData(0x07, 1, 0, 0, 5, "r1 += 5")]
    [InlineData(0x0f, 1, 2, 0, 0, "r1 += r2")]
    [InlineData(0x04, 1, 0, 0, -5, "w1 += -5")]
    [InlineData(0x0c, 1, 2, 0, 0, "w1 += w2")]
    [InlineData(0x1f, 1, 2, 0, 0, "r1 -= r2")]
    [InlineData(0x27, 9, 0, 0, 8, "r9 *= 8")]
    [InlineData(0x37, 1, 0, 0, 3, "r1 /= 3")]
    [InlineData(0x47, 1, 0, 0, 1, "r1 |= 1")]
    [InlineData(0x57, 1, 0, 0, 255, "r1 &= 255")]
    [InlineData(0x67, 1, 0, 0, 32, "r1 <<= 32")]
    [InlineData(0x77, 1, 0, 0, 32, "r1 >>= 32")]
    [InlineData(0xc7, 1, 0, 0, 32, "r1 s>>= 32")]
    [InlineData(0x87, 3, 0, 0, 0, "r3 = -r3")]
    [InlineData(0x84, 3, 0, 0, 0, "w3 = -w3")]
    [InlineData(0x97, 1, 0, 0, 7, "r1 %= 7")]
    [InlineData(0xaf, 1, 2, 0, 0, "r1 ^= r2")]
    [InlineData(0xb7, 0, 0, 0, 0, "r0 = 0")]
    [InlineData(0xb4, 0, 0, 0, -1, "w0 = -1")]
    [InlineData(0xbf, 6, 1, 0, 0, "r6 = r1")]
    [InlineData(0xbc, 1, 2, 0, 0, "w1 = w2")]
    public void Arithmetic(byte code, byte dst, byte src, short off, int imm, string text) => Is(code, dst, src, off, imm, text);

    // "Arithmetic instructions", variants chosen by the offset: signed division and modulo, sign-extending moves.
    [Theory]
    [InlineData(0x37, 1, 0, 1, 3, "r1 s/= 3")]
    [InlineData(0x3c, 1, 2, 1, 0, "w1 s/= w2")]
    [InlineData(0x9f, 1, 2, 1, 0, "r1 s%= r2")]
    [InlineData(0xbf, 1, 2, 8, 0, "r1 = (s8)r2")]
    [InlineData(0xbf, 1, 2, 16, 0, "r1 = (s16)r2")]
    [InlineData(0xbf, 1, 2, 32, 0, "r1 = (s32)r2")]
    [InlineData(0xbc, 1, 2, 16, 0, "w1 = (s16)w2")]
    [InlineData(0xbf, 1, 2, 1, 0x10000, "r1 = addr_space_cast(r2, 1, 0)")]
    public void Arithmetic_of_v4(byte code, byte dst, byte src, short off, int imm, string text) => Is(code, dst, src, off, imm, text);

    // "Byte swap instructions"
    [Theory]
    [InlineData(0xd4, 1, 0, 0, 64, "r1 = le64 r1")]
    [InlineData(0xdc, 1, 0, 0, 16, "r1 = be16 r1")]
    [InlineData(0xdc, 1, 0, 0, 32, "r1 = be32 r1")]
    [InlineData(0xd7, 1, 0, 0, 16, "r1 = bswap16 r1")]
    [InlineData(0xd7, 1, 0, 0, 64, "r1 = bswap64 r1")]
    public void Byte_swaps(byte code, byte dst, byte src, short off, int imm, string text) => Is(code, dst, src, off, imm, text);

    // "Jump instructions"
    [Theory]
    [InlineData(0x05, 0, 0, 7, 0, "goto +7")]
    [InlineData(0x05, 0, 0, -8, 0, "goto -8")]
    [InlineData(0x06, 0, 0, 0, 100000, "gotol +100000")]
    [InlineData(0x0d, 1, 0, 0, 0, "gotox r1")]
    [InlineData(0x0d, 9, 0, 0, 0, "gotox r9")]
    [InlineData(0x15, 1, 0, 3, 0, "if r1 == 0 goto +3")]
    [InlineData(0x55, 1, 0, 3, 0, "if r1 != 0 goto +3")]
    [InlineData(0x5e, 1, 2, 3, 0, "if w1 != w2 goto +3")]
    [InlineData(0x25, 1, 0, 0, -1, "if r1 > -1 goto +0")]
    [InlineData(0x3d, 1, 2, 3, 0, "if r1 >= r2 goto +3")]
    [InlineData(0x45, 1, 0, 3, 4, "if r1 & 4 goto +3")]
    [InlineData(0x66, 1, 0, -3, 4, "if w1 s> 4 goto -3")]
    [InlineData(0x75, 1, 0, 3, 4, "if r1 s>= 4 goto +3")]
    [InlineData(0xa5, 1, 0, 3, 4, "if r1 < 4 goto +3")]
    [InlineData(0xb5, 1, 0, 3, 4, "if r1 <= 4 goto +3")]
    [InlineData(0xcd, 1, 2, 3, 0, "if r1 s< r2 goto +3")]
    [InlineData(0xde, 1, 2, 3, 0, "if w1 s<= w2 goto +3")]
    [InlineData(0x85, 0, 0, 0, 12, "call 12")]
    [InlineData(0x85, 0, 1, 0, -1, "call -1")]
    [InlineData(0x85, 0, 0, 0, 195896080, "call 195896080")]
    [InlineData(0x95, 0, 0, 0, 0, "exit")]
    [InlineData(0xe5, 0, 0, 5, 0, "may_goto +5")]
    public void Jumps(byte code, byte dst, byte src, short off, int imm, string text) => Is(code, dst, src, off, imm, text);

    // "Regular load and store operations", "Indicator-extension load operations"
    [Theory]
    [InlineData(0x79, 1, 7, 16, 0, "r1 = *(u64 *)(r7 + 16)")]
    [InlineData(0x61, 1, 7, 0, 0, "r1 = *(u32 *)(r7 + 0)")]
    [InlineData(0x69, 1, 7, 2, 0, "r1 = *(u16 *)(r7 + 2)")]
    [InlineData(0x71, 1, 10, -1, 0, "r1 = *(u8 *)(r10 - 1)")]
    [InlineData(0x91, 1, 7, 4, 0, "r1 = *(s8 *)(r7 + 4)")]
    [InlineData(0x89, 1, 7, 4, 0, "r1 = *(s16 *)(r7 + 4)")]
    [InlineData(0x81, 1, 7, 4, 0, "r1 = *(s32 *)(r7 + 4)")]
    [InlineData(0x7b, 10, 1, -8, 0, "*(u64 *)(r10 - 8) = r1")]
    [InlineData(0x63, 10, 1, -4, 0, "*(u32 *)(r10 - 4) = r1")]
    [InlineData(0x72, 1, 0, 3, 255, "*(u8 *)(r1 + 3) = 255")]
    [InlineData(0x7a, 1, 0, -32768, -1, "*(u64 *)(r1 - 32768) = -1")]
    public void Loads_and_stores(byte code, byte dst, byte src, short off, int imm, string text) => Is(code, dst, src, off, imm, text);

    // "Atomic operations"
    [Theory]
    [InlineData(0xdb, 1, 2, 0, 0x00, "lock *(u64 *)(r1 + 0) += r2")]
    [InlineData(0xdb, 1, 2, 8, 0x40, "lock *(u64 *)(r1 + 8) |= r2")]
    [InlineData(0xdb, 1, 2, 8, 0x50, "lock *(u64 *)(r1 + 8) &= r2")]
    [InlineData(0xdb, 1, 2, 8, 0xa0, "lock *(u64 *)(r1 + 8) ^= r2")]
    [InlineData(0xc3, 1, 2, 8, 0x00, "lock *(u32 *)(r1 + 8) += w2")]
    [InlineData(0xdb, 1, 0, 0, 0x01, "r0 = atomic_fetch_add((u64 *)(r1 + 0), r0)")]
    [InlineData(0xc3, 1, 2, 0, 0xa1, "w2 = atomic_fetch_xor((u32 *)(r1 + 0), w2)")]
    [InlineData(0xdb, 1, 2, -8, 0xe1, "r2 = xchg_64(r1 - 8, r2)")]
    [InlineData(0xc3, 1, 2, -8, 0xe1, "w2 = xchg32_32(r1 - 8, w2)")]
    [InlineData(0xdb, 1, 2, 0, 0xf1, "r0 = cmpxchg_64(r1 + 0, r0, r2)")]
    [InlineData(0xc3, 1, 2, 0, 0xf1, "w0 = cmpxchg32_32(r1 + 0, w0, w2)")]
    [InlineData(0xd3, 1, 2, 0, 0x100, "w1 = load_acquire((u8 *)(r2 + 0))")]
    [InlineData(0xdb, 1, 2, 4, 0x110, "store_release((u64 *)(r1 + 4), r2)")]
    public void Atomics(byte code, byte dst, byte src, short off, int imm, string text) => Is(code, dst, src, off, imm, text);

    // "Legacy BPF Packet access instructions"
    [Theory]
    [InlineData(0x28, 0, 0, 0, 12, "r0 = *(u16 *)skb[12]")]
    [InlineData(0x50, 0, 7, 0, 0, "r0 = *(u8 *)skb[r7]")]
    [InlineData(0x40, 0, 7, 0, 14, "r0 = *(u32 *)skb[r7 + 14]")]
    public void Packet_access(byte code, byte dst, byte src, short off, int imm, string text) => Is(code, dst, src, off, imm, text);

    // "64-bit immediate instructions"
    [Theory]
    [InlineData(0, 5, 0, "r1 = 5 ll")]
    [InlineData(0, -1, 0, "r1 = 4294967295 ll")]
    [InlineData(0, -1, -1, "r1 = -1 ll")]
    [InlineData(0, 0, 1, "r1 = 4294967296 ll")]
    [InlineData(1, 5, 0, "ld_pseudo r1, 1, 5")]
    public void Wide_immediates_join_both_slots(byte src, int low, int high, string text) =>
        Assert.Equal(text, Disassembler.Format(new(0x18, 1, src, 0, low), new(0, 0, 0, 0, high)));

    [Fact]
    public void Wide_immediate_without_its_second_slot_says_so() =>
        Assert.Equal("<64-bit load of r1 whose second slot has opcode 0x95, not 0x00>",
            Disassembler.Format(new(0x18, 1, 0, 0, 5), new(0x95, 0, 0, 0, 0)));

    [Theory]
    [InlineData(0x00, 0, 0, 0, 0)] // the second slot of a 64-bit load standing alone
    [InlineData(0x07, 1, 0, 1, 0)] // an addition has no variants
    [InlineData(0xbc, 1, 2, 32, 0)] // 32 bits extended to 32
    [InlineData(0xd7, 1, 0, 0, 24)] // no such width
    [InlineData(0xdb, 1, 2, 0, 0x30)] // no atomic division
    [InlineData(0x99, 1, 2, 0, 0)] // nothing to extend in 64 bits
    [InlineData(0xe7, 1, 0, 0, 0)]
    [InlineData(0xff, 15, 15, -1, -1)]
    public void Unknown_is_called_unknown(byte code, byte dst, byte src, short off, int imm) =>
        Is(code, dst, src, off, imm, $"<unknown opcode 0x{code:x2}>");

    [Fact]
    public void Registers_that_do_not_exist_are_printed_as_they_are() => Is(0xbf, 15, 11, 0, 0, "r15 = r11");

    [Fact]
    public void Every_opcode_has_some_text_in_one_line()
    {
        for (var code = 0; code < 256; code++)
            foreach (var off in (short[])[short.MinValue, -1, 0, 1, 8, short.MaxValue])
                foreach (var imm in (int[])[int.MinValue, -1, 0, 1, 0xf1, int.MaxValue])
                {
                    var text = Disassembler.Format(new((byte)code, 15, 15, off, imm), new((byte)imm, 1, 2, 3, imm));
                    Assert.Matches("^[^ \n\t][^\n\t]*[^ \n\t]$", text);
                }
    }

    private static void Is(byte code, byte dst, byte src, short off, int imm, string text) =>
        Assert.Equal(text, Disassembler.Format(new(code, dst, src, off, imm)));
}
