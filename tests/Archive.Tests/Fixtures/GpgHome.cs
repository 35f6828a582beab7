using System.Diagnostics;
using System.Text;

namespace Relo.Archive.Tests.Fixtures;

/// <summary>Two keys of gpg: that of the owner is in the keyring, that of a stranger is not.</summary>
internal sealed class GpgHome : IDisposable
{
    public const string Owner = "owner", Stranger = "stranger";

    private readonly string _folder = Directory.CreateTempSubdirectory("relo-gpg-").FullName;

    public GpgHome()
    {
        foreach (var who in (string[])[Owner, Stranger])
            Run("", "--batch", "--passphrase", "", "--quick-generate-key", $"{who}@example.org", "ed25519", "sign", "never");
        Run("", "--output", Keyring, "--export", $"{Owner}@example.org");
    }

    public static bool IsInstalled => File.Exists("/usr/bin/gpg") && File.Exists("/usr/bin/gpgv");

    public string Keyring => Path.Combine(_folder, "keyring.gpg");

    /// <summary>The text with its signature around it.</summary>
    public string Signed(string who, string text) => Run(text, "--batch", "-u", $"{who}@example.org", "--clear-sign");

    /// <summary>The text and its signature, compressed.</summary>
    public string Compressed(string who, string text) => Run(text, "--batch", "-u", $"{who}@example.org", "--armor", "--sign");

    /// <summary>The signature alone.</summary>
    public string Signature(string who, string text) => Run(text, "--batch", "-u", $"{who}@example.org", "--armor", "--detach-sign");

    /// <summary>The signature of a file, as it is beside packages.</summary>
    public byte[] Signature(string who, byte[] file) => Run(file, "--batch", "-u", $"{who}@example.org", "--detach-sign");

    private string Run(string input, params string[] words) => Encoding.UTF8.GetString(Run(Encoding.UTF8.GetBytes(input), words));

    private byte[] Run(byte[] input, params string[] words)
    {
        var start = new ProcessStartInfo("gpg")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var word in (string[])["--homedir", _folder, "--quiet", .. words]) start.ArgumentList.Add(word);
        using var gpg = Process.Start(start)!;
        gpg.StandardInput.BaseStream.Write(input);
        gpg.StandardInput.Close();
        using var output = new MemoryStream();
        gpg.StandardOutput.BaseStream.CopyTo(output);
        var error = gpg.StandardError.ReadToEnd();
        gpg.WaitForExit();
        return gpg.ExitCode == 0 ? output.ToArray() : throw new InvalidOperationException(error);
    }

    public void Dispose()
    {
        using (var kill = Process.Start(new ProcessStartInfo("gpgconf", ["--homedir", _folder, "--kill", "all"]))!) kill.WaitForExit();
        Directory.Delete(_folder, recursive: true);
    }
}
