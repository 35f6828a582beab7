using System.Text;
using Relo.Core.Btf;

namespace Relo.Core.Checks;

/// <summary>
/// Finds the architecture of a struct of registers: programs read a function's arguments through it, and its members have different
/// names on each (PT_REGS_PARM1 and the like in libbpf's bpf_tracing.h). <see cref="BtfMachine"/> names the machine of a
/// whole kernel; this also knows a struct of which a program declares only the members that it reads.
/// </summary>
internal static class RegisterStructs
{
    // Unnamed members may refer to each other endlessly; no real struct of registers has a tenth of this.
    private const int MaxMembers = 1024;

    // Limit of examined types of one name in a kernel.
    private const int MaxTypes = 16;

    /// <summary>The names of such structs.</summary>
    public static string[] Names { get; } = ["pt_regs", "user_pt_regs", "user_regs_struct"];

    // Members that only one architecture has, by the names that bpf_tracing.h gives architectures (__TARGET_ARCH_…).
    private static readonly (string Architecture, string[] Members)[] Telling =
    [
        ("x86", ["di", "rdi", "edi", "si", "rsi", "dx", "rdx", "ax", "rax", "ip", "rip", "orig_ax"]),
        ("loongarch", ["csr_era", "csr_badvaddr", "csr_badv"]),
        ("mips", ["cp0_status", "cp0_epc", "cp0_badvaddr"]),
        ("arm64", ["pstate", "orig_x0", "syscallno", "regs"]), // after loongarch and mips, whose registers are called regs as well
        ("arm", ["uregs"]),
        ("s390", ["gprs", "psw", "orig_gpr2"]),
        ("powerpc", ["gpr", "nip", "orig_gpr3"]),
        ("riscv", ["a0", "epc", "orig_a0"]),
    ];

    /// <summary>Whether a type is such a struct, by its essential name.</summary>
    public static bool IsOne(BtfTypes types, BtfType type) =>
        type.Kind == BtfKind.Struct && Names.Contains(Encoding.UTF8.GetString(EssentialName.Of(types.Name(type.NameOffset))));

    /// <summary>The architecture of a kernel, by its structs of registers; null if unknown.</summary>
    public static string? ArchitectureOf(BtfTypes kernel)
    {
        foreach (var name in Names)
        {
            var bytes = Encoding.UTF8.GetBytes(name);
            var hash = NameIndex.Hash(bytes);
            var left = MaxTypes;
            foreach (var entry in kernel.Index.Bucket(hash))
            {
                if (entry.Hash != hash || !IsOne(kernel, kernel[entry.Id])) continue;
                if (left-- == 0) break;
                if (ArchitectureOf(kernel, kernel[entry.Id]) is { } architecture) return architecture;
            }
        }
        return null;
    }

    /// <summary>The architecture of a struct of registers, by its members and those of unnamed members; null if unknown.</summary>
    public static string? ArchitectureOf(BtfTypes types, BtfType registers)
    {
        var members = new HashSet<string>(StringComparer.Ordinal);
        var budget = MaxMembers;
        Collect(types, registers, members, ref budget, depth: 0);
        return Array.Find(Telling, known => known.Members.Any(members.Contains)).Architecture;
    }

    private static void Collect(BtfTypes types, BtfType composite, HashSet<string> members, ref int budget, int depth)
    {
        const int maxDepth = 4; // arm64's are in a struct in a union in pt_regs
        if (depth > maxDepth || composite.Kind is not (BtfKind.Struct or BtfKind.Union)) return;
        for (var i = 0; i < composite.Count && budget-- > 0; i++)
        {
            var member = types.Member(composite, i);
            var name = types.NameText(member.NameOffset);
            if (name.Length > 0) members.Add(name);
            else Collect(types, types.SkipModifiers(member.TypeId), members, ref budget, depth + 1);
        }
    }
}
