namespace Relo.Api.Tests.Fixtures;

/// <summary>The sources these tests were built from.</summary>
internal static class Repository
{
    /// <summary>The folder that contains Api.sln.</summary>
    public static string Root { get; } = Find();

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Api.sln"))) folder = folder.Parent;
        return folder?.FullName ?? throw new DirectoryNotFoundException($"no Api.sln above {AppContext.BaseDirectory}");
    }
}
