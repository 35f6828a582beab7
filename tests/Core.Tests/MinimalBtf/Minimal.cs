using Relo.Core.Btf;
using Relo.Core.MinimalBtf;
using Relo.Core.Objects;
using Relo.Core.Tests.Building;

namespace Relo.Core.Tests.MinimalBtf;

/// <summary>Minimal BTF of an <see cref="Ask"/>, a line for each type.</summary>
internal static class Minimal
{
    public static MinimalBtfMade Made(Ask ask)
    {
        var (bpf, kernel) = ask.Open();
        var made = Assert.IsType<MinimalBtfMade>(MinimalBtfMaker.Make(bpf, kernel, TestContext.Current.CancellationToken));
        // This must hold in every test.
        AssertSameRelocation(bpf, kernel, BtfReader.Read(made.Bytes));
        return made;
    }

    /// <summary><c>struct s 64 {x:1@128}</c>: kind, name, size, then each member's name, type and bit.</summary>
    public static string[] Types(Ask ask) => Types(Made(ask).Bytes);

    public static string[] Types(ReadOnlyMemory<byte> bytes)
    {
        var btf = BtfReader.Read(bytes);
        return [.. Enumerable.Range(1, btf.Count - 1).Select(id => Text(btf, btf[(uint)id]))];
    }

    private static string Text(BtfTypes btf, BtfType type)
    {
        var elements = Enumerable.Range(0, type.Count);
        var behind = type.Kind switch
        {
            BtfKind.Struct or BtfKind.Union =>
                $" {type.SizeOrType} {{{string.Join(", ", elements.Select(i => btf.Member(type, i)).Select(m => $"{btf.NameText(m.NameOffset)}:{m.TypeId}@{m.BitOffset}{(m.BitfieldBits > 0 ? $"/{m.BitfieldBits}" : "")}"))}}}",
            BtfKind.Enum =>
                $" {{{string.Join(", ", elements.Select(i => btf.Enumerator(type, i)).Select(e => $"{btf.NameText(e.NameOffset)}={e.Value}"))}}}",
            BtfKind.Array => $" {btf.Array(type).ElementTypeId}[{btf.Array(type).IndexTypeId}:{btf.Array(type).Length}]",
            BtfKind.FuncProto => $" {type.SizeOrType} ({string.Join(", ", elements.Select(i => btf.Parameter(type, i).TypeId))})",
            _ => $" {type.SizeOrType}",
        };
        return $"{type.Kind.LibbpfName()} {btf.NameText(type.NameOffset)}{behind}".Replace("  ", " ", StringComparison.Ordinal);
    }

    private static void AssertSameRelocation(BpfObject bpf, BtfTypes kernel, BtfTypes minimal)
    {
        var whole = Relocator.Relocate(bpf, kernel, cancellation: TestContext.Current.CancellationToken);
        var through = Relocator.Relocate(bpf, minimal, cancellation: TestContext.Current.CancellationToken);
        if (whole is RelocationFailed failed) Assert.Equal(failed.Index, Assert.IsType<RelocationFailed>(through).Index);
        else Assert.Equal(((Relocated)whole).PatchedBytes.ToArray(), Assert.IsType<Relocated>(through).PatchedBytes.ToArray());
    }
}
