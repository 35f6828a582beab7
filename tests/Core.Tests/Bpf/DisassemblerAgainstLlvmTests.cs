using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Relo.Core.Bpf;
using Relo.Core.Tests.Fixtures;

namespace Relo.Core.Tests.Bpf;

/// <summary>
/// Our notation compared with llvm's. Not comparable, and therefore normalised: labels after jumps (<c>&lt;LBB0_3&gt;</c>), the
/// name of a 32-bit atomic's source register (r or w by the assumed CPU), the tab of <c>ld_pseudo</c>, the immediate of
/// <c>skb[r2 + 14]</c>, which llvm leaves out.
/// </summary>
public sealed partial class DisassemblerAgainstLlvmTests
{
    private const int FirstWithAllOfV4 = 20; // load_acquire came last

    [Fact]
    public void Same_text_as_llvm_objdump_over_the_programs_of_libbpf_tools()
    {
        var objdump = Llvm.Find("llvm-objdump");
        Assert.SkipWhen(objdump is null, "llvm-objdump is not installed");
        Assert.SkipWhen(LibbpfTools.Objects.Count == 0, "libbpf-tools is not installed");
        var compared = 0;
        var differences = new List<string>();
        foreach (var (name, bytes) in LibbpfTools.Objects)
        {
            foreach (var (code, expected) in Dump(objdump.Value.Path, bytes))
            {
                compared++;
                var ours =
                    Disassembler.Format(Instruction.Read(code, false), code.Length > 8 ? Instruction.Read(code.AsSpan(8), false) : default);
                if (Even(ours) != Even(expected))
                    differences.Add($"{name}: {Convert.ToHexString(code)}: {ours} | llvm: {expected}");
            }
        }
        Assert.True(differences.Count == 0, string.Join('\n', differences.Take(20)));
        Assert.True(compared > 10_000, $"only {compared} instructions compared");
    }

    [Fact]
    public void Same_text_as_llvm_mc_for_every_opcode_with_telling_operands()
    {
        var mc = Llvm.Find("llvm-mc");
        Assert.SkipWhen(mc is null || mc.Value.Version < FirstWithAllOfV4, $"llvm-mc {FirstWithAllOfV4} or later is not installed");
        var cases = Cases().ToArray();
        // Loads and stores without the w registers, everything else with them: see the remarks at Disassembler.
        var narrow = Decode(mc.Value.Path, cases, "+alu32");
        var wide = Decode(mc.Value.Path, cases, "-alu32");
        var differences = new List<string>();
        for (var i = 0; i < cases.Length; i++)
        {
            var code = cases[i];
            var plain = (code.Code & 7) is 1 or 2 or 3 && (code.Code & 0xe0) == 0x60;
            var expected = (plain ? wide[i] : narrow[i]) ?? "unknown";
            // llvm takes every atomic operation it does not know for an addition; the kernel refuses them.
            if ((code.Code & 0xe7) == 0xc3 && code.Imm != 0 && expected.Contains(" += ", StringComparison.Ordinal))
                expected = "unknown";
            var ours = Disassembler.Format(code);
            if (expected == "unknown" ? !ours.StartsWith("<unknown opcode", StringComparison.Ordinal) : Even(ours) != Even(expected))
                differences.Add($"{code}: {ours} | llvm: {expected}");
        }
        Assert.True(differences.Count == 0, string.Join('\n', differences.Take(20)));
        Assert.True(narrow.Count(t => t is not null) > 5_000, "llvm-mc decoded hardly anything");
    }

    private static IEnumerable<Instruction> Cases()
    {
        int[] immediates = [0, 1, 14, 16, 32, 64, -1, 0x40, 0x50, 0xa0, 0x41, 0x51, 0xa1, 0xe1, 0xf1, 0x100, 0x110, 0x10000];
        for (var code = 0; code < 256; code++)
            foreach (var off in (short[])[0, 1, 8, 16, 32, -8])
                foreach (var imm in immediates)
                    yield return new((byte)code, 1, 2, off, imm);
    }

    /// <summary>The text of each case; null if llvm does not recognise it.</summary>
    private static string?[] Decode(string mc, Instruction[] cases, string features)
    {
        var input = new StringBuilder();
        var slot = new byte[16];
        foreach (var instruction in cases)
        {
            instruction.Write(slot, false);
            input.AppendJoin(',', slot.Take(instruction.IsLoadImm64 ? 16 : 8).Select(b => $"0x{b:x2}")).Append('\n');
        }
        var (output, errors) = Llvm.Run(mc, ["-triple", "bpfel", "-mcpu=v4", $"-mattr={features}", "--disassemble"], input.ToString());
        var invalid = Warning().Matches(errors).Select(m => int.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture) - 1).ToHashSet();
        var lines = new Queue<string>(output.Split('\n').Select(l => l.Trim()).Where(l => l.Length > 0 && l[0] != '.'));
        Assert.Equal(cases.Length - invalid.Count, lines.Count);
        return [.. Enumerable.Range(0, cases.Length).Select(i => invalid.Contains(i) ? null : lines.Dequeue())];
    }

    private static IEnumerable<(byte[] Code, string Text)> Dump(string objdump, byte[] elf)
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(file, elf);
            foreach (Match line in Listing().Matches(Llvm.Run(objdump, ["-d", "--mattr=-alu32", "--no-print-imm-hex", file], "").Output))
                yield return (Convert.FromHexString(line.Groups[1].Value.Replace(" ", "", StringComparison.Ordinal).Trim()),
                    line.Groups[2].Value);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static string Even(string text) =>
        SkbImmediate().Replace(LockedRegister().Replace(Label().Replace(text, "").Replace('\t', ' ').Trim(), "= r"), "]");

    // "       3:	79 73 10 00 00 00 00 00	r3 = *(u64 *)(r7 + 16)"
    [GeneratedRegex(@"^\s*[0-9a-f]+:\s((?:[0-9a-f]{2}[ \t]){8,16})(\S.*)$", RegexOptions.Multiline)]
    private static partial Regex Listing();

    [GeneratedRegex(@"^<stdin>:(\d+):\d+: warning", RegexOptions.Multiline)]
    private static partial Regex Warning();

    [GeneratedRegex(@" <\w[^>]*>$")]
    private static partial Regex Label();

    [GeneratedRegex(@"(?<=^lock \*\(u32 .*)= w")]
    private static partial Regex LockedRegister();

    [GeneratedRegex(@"(?<=skb\[r\d+) \+ -?\d+\]$")]
    private static partial Regex SkbImmediate();
}
