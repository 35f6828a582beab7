using Relo.Api.Tests.Fixtures;
using Relo.Conformance.Layouts;

namespace Relo.Browser.Fixtures;

/// <summary>Objects of the C files beside this one.</summary>
internal static class ObjectOfC
{
    private const string Compiler = "clang";

    /// <summary>Compiles a file; skips the test without a compiler.</summary>
    public static async Task<byte[]> CompileAsync(string name)
    {
        Assert.SkipUnless(Clang.IsInstalled(Compiler), $"{Compiler} is not installed");
        var folder = Path.Combine(Repository.Root, "tests", "Browser", "Fixtures");
        var target = Path.GetTempFileName();
        try
        {
            Assert.Equal("", await Clang.CompileAsync(Compiler, folder, Path.Combine(folder, name), target, CancellationToken.None));
            return await File.ReadAllBytesAsync(target);
        }
        finally
        {
            File.Delete(target);
        }
    }
}
