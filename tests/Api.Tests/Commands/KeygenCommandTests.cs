using Relo.Api.Commands;

namespace Relo.Api.Tests.Commands;

public sealed class KeygenCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("relo-keygen-").FullName;

    [Fact]
    public void A_private_key_whose_public_key_cannot_be_written_is_not_left()
    {
        var key = Path.Combine(_folder, "relo.key");
        File.WriteAllText(key + KeygenCommand.PublicSuffix, "another");
        Assert.Equal(ExitStatus.NotWritten, KeygenCommand.Run(key, TextWriter.Null, TextWriter.Null));
        Assert.Equal([key + KeygenCommand.PublicSuffix], Directory.EnumerateFiles(_folder));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
