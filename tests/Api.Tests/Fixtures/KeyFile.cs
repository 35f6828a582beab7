namespace Relo.Api.Tests.Fixtures;

/// <summary>A file with a private key, deleted after use.</summary>
internal sealed class KeyFile : IDisposable
{
    public KeyFile(string pem) => File.WriteAllText(Path, pem);

    public string Path { get; } = System.IO.Path.GetTempFileName();

    public void Dispose() => File.Delete(Path);
}
