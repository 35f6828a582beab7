using Relo.Conformance.Generated;
using Relo.Core.Btf;
using Relo.Core.Elf;
using Relo.Core.Headers;

namespace Relo.Conformance.Layouts;

/// <summary>A vmlinux.h in a folder of its own.</summary>
internal sealed class CompiledHeader : IDisposable
{
    private const int MaxCharacters = 64 << 20;

    private readonly TemporaryFolder _folder = new();

    public CompiledHeader(string text) => File.WriteAllText(Path.Combine(_folder.FullName, "vmlinux.h"), text);

    public CompiledHeader(BtfTypes types)
        : this(TextOf(types))
    {
    }

    public static string TextOf(BtfTypes types)
    {
        var text = new System.Text.StringBuilder();
        VmlinuxHeader.Write(types, "a kernel", MaxCharacters, piece => text.Append(piece), CancellationToken.None);
        return text.ToString();
    }

    /// <summary>Compiles a program that includes the header; returns what the compiler said.</summary>
    public async Task<string> CompileAsync(string compiler, string program, CancellationToken cancellation)
    {
        var source = Path.Combine(_folder.FullName, $"{compiler}.c");
        await File.WriteAllTextAsync(source, $"#include \"vmlinux.h\"\n{program}", cancellation);
        return await Clang.CompileAsync(compiler, _folder.FullName, source, ObjectOf(compiler), cancellation);
    }

    /// <summary>The BTF of a program that includes the header.</summary>
    public async Task<BtfTypes> TypesAsync(string compiler, string program, CancellationToken cancellation)
    {
        Assert.DoesNotContain("error", await CompileAsync(compiler, program, cancellation), StringComparison.Ordinal);
        var elf = ElfReader.Read(await File.ReadAllBytesAsync(ObjectOf(compiler), cancellation));
        return BtfReader.Read(elf.DataOf(elf.FindSection(".BTF")!).ToArray());
    }

    public void Dispose() => _folder.Dispose();

    private string ObjectOf(string compiler) => Path.Combine(_folder.FullName, $"{compiler}.o");
}
