using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Relo.Core.Bytes;

namespace Relo.Api.Access;

/// <summary>
/// Adds the keys of files to those of the configuration, and replaces all of them by their digests: the options never hold a key.
/// </summary>
internal sealed class KeySources : IPostConfigureOptions<AccessOptions>
{
    /// <summary>The fewest characters of a key that is not given as a digest.</summary>
    public const int ShortestKey = 16;

    // Skips ..data and ..2026_11_26, which Kubernetes puts beside the files of a secret.
    private const char Hidden = '.';

    /// <inheritdoc/>
    public void PostConfigure(string? name, AccessOptions options)
    {
        try
        {
            AddFile(options);
            AddFolder(options);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or FormatException)
        {
            throw Refused($"keys cannot be read: {e.Message}");
        }

        // AccessOptionsCheck refuses keys that are too short.
        foreach (var (holder, key) in options.Keys.Where(k => !IsDigest(k.Value) && k.Value.Length >= ShortestKey).ToList())
            options.Keys[holder] = Digest.FromHash(SHA256.HashData(Encoding.UTF8.GetBytes(key))).ToString();
    }

    /// <summary>Whether it is the digest of a key.</summary>
    public static bool IsDigest(string configured) => configured.StartsWith(Digest.Prefix, StringComparison.OrdinalIgnoreCase);

    private static void AddFile(AccessOptions options)
    {
        if (options.KeyFile.Length == 0) return;
        var file = new ConfigurationBuilder().AddIniFile(Path.GetFullPath(options.KeyFile), optional: false, reloadOnChange: false).Build();
        AddSection(options.Keys, nameof(AccessOptions.Keys));
        AddSection(options.Scopes, nameof(AccessOptions.Scopes));

        void AddSection(Dictionary<string, string> to, string name)
        {
            foreach (var line in file.GetSection(name).GetChildren()) Add(to, name, line.Key, line.Value ?? "", options.KeyFile);
        }
    }

    private static void AddFolder(AccessOptions options)
    {
        if (options.KeysFolder.Length == 0) return;
        foreach (var path in Directory.EnumerateFiles(options.KeysFolder).Where(p => Path.GetFileName(p)[0] != Hidden)
            .Order(StringComparer.Ordinal))
            Add(options.Keys, "Keys", Path.GetFileName(path), File.ReadAllText(path).TrimEnd('\r', '\n'), path);
    }

    // Otherwise one of two keys with the same name would silently fail.
    private static void Add(Dictionary<string, string> to, string what, string holder, string value, string from)
    {
        if (!to.TryAdd(holder, value)) throw Refused($"Access:{what}:{holder} is set twice, the second time by {from}");
    }

    private static OptionsValidationException Refused(string fault) => new(Options.DefaultName, typeof(AccessOptions), [fault]);
}
