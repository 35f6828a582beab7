using Relo.Api.Tests.Fixtures;

namespace Relo.SystemTests.SupplyChain;

/// <summary>A copy of the sources, without what was built.</summary>
internal static class SourceCopy
{
    /// <summary>Copies what a build needs.</summary>
    public static void To(string folder)
    {
        foreach (var file in (string[])["global.json", "Directory.Build.props", "Directory.Packages.props", ".editorconfig", "README.md"])
            Copy(Path.Combine(Repository.Root, file), Path.Combine(folder, file));
        foreach (var part in (string[])["src", "wwwroot"])
        {
            foreach (var file in Directory.EnumerateFiles(Path.Combine(Repository.Root, part), "*", SearchOption.AllDirectories))
            {
                var path = Path.GetRelativePath(Repository.Root, file);
                if (!path.Split('/').Any(name => name is "bin" or "obj")) Copy(file, Path.Combine(folder, path));
            }
        }
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(to)!);
        File.Copy(from, to);
    }
}
