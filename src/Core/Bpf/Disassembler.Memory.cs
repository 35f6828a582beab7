namespace Relo.Core.Bpf;

/// <content>Loads and stores: classes LD, LDX, ST and STX with the atomics.</content>
public static partial class Disassembler
{
    private static string? Load(Instruction i, Instruction next)
    {
        if (i is { IsLoadImm64: true, Off: 0 })
            return LoadImmediate(i, next);
        var type = Type(i.Code);
        return (i.Code & Opcode.ModeMask) switch
        {
            _ when (i.Code & Opcode.SizeMask) == Opcode.Double => null,
            Opcode.Abs => $"r0 = *({type} *)skb[{i.Imm}]",
            // llvm omits the immediate, although the kernel adds it to the result.
            Opcode.Ind => i.Imm == 0 ? $"r0 = *({type} *)skb[r{i.Src}]" : $"r0 = *({type} *)skb[r{i.Src} + {i.Imm}]",
            _ => null,
        };
    }

    private static string LoadImmediate(Instruction i, Instruction next)
    {
        if (next.Code != 0)
            return $"<64-bit load of r{i.Dst} whose second slot has opcode 0x{next.Code:x2}, not 0x00>";
        var value = ((long)next.Imm << 32) | (uint)i.Imm;
        // The source "register" is the kind of value that the loader puts here: a map, a function, a BTF id.
        return i.Src == 0 ? $"r{i.Dst} = {value} ll" : $"ld_pseudo r{i.Dst}, {i.Src}, {value}";
    }

    private static string? Memory(Instruction i)
    {
        var width = Opcode.SizeBytes(i.Code) * 8;
        return (i.Code & Opcode.ClassMask, i.Code & Opcode.ModeMask) switch
        {
            (Opcode.Ldx, Opcode.Mem) => $"r{i.Dst} = *(u{width} *)({Address(i.Src, i.Off)})",
            (Opcode.Ldx, Opcode.MemSignExtended) when width < 64 => $"r{i.Dst} = *(s{width} *)({Address(i.Src, i.Off)})",
            (Opcode.St, Opcode.Mem) => $"*(u{width} *)({Address(i.Dst, i.Off)}) = {i.Imm}",
            (Opcode.Stx, Opcode.Mem) => $"*(u{width} *)({Address(i.Dst, i.Off)}) = r{i.Src}",
            (Opcode.Stx, Opcode.Atomic) => Atomic(i, width),
            _ => null,
        };
    }

    private static string? Atomic(Instruction i, int width)
    {
        var wide = width == 64;
        var place = Address(i.Dst, i.Off);
        var src = Register(i.Src, wide);
        switch (i.Imm)
        {
            case Opcode.LoadAcquire: return $"{Register(i.Dst, wide)} = load_acquire((u{width} *)({Address(i.Src, i.Off)}))";
            case Opcode.StoreRelease: return $"store_release((u{width} *)({place}), {src})";
            case var _ when width < 32: return null; // read-modify-write exists for 32 and 64 bits only
            case Opcode.Exchange: return wide ? $"{src} = xchg_64({place}, {src})" : $"{src} = xchg32_32({place}, {src})";
            case Opcode.CompareExchange: return wide ? $"r0 = cmpxchg_64({place}, r0, {src})" : $"w0 = cmpxchg32_32({place}, w0, {src})";
        }
        var fetch = (i.Imm & Opcode.Fetch) != 0;
        return (i.Imm & ~Opcode.Fetch) switch
        {
            Opcode.Add => fetch ? Fetch("add") : Plain("+"),
            Opcode.Or => fetch ? Fetch("or") : Plain("|"),
            Opcode.And => fetch ? Fetch("and") : Plain("&"),
            Opcode.Xor => fetch ? Fetch("xor") : Plain("^"),
            _ => null,
        };

        string Fetch(string name) => $"{src} = atomic_fetch_{name}((u{width} *)({place}), {src})";
        string Plain(string sign) => $"lock *(u{width} *)({place}) {sign}= {src}";
    }

    private static string Type(byte code) => $"u{Opcode.SizeBytes(code) * 8}";
}
